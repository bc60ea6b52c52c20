import { describe, expect, it } from 'vitest';
import { inParallel } from './client.js';
import { ENDPOINT_CELL, planEndpoint, tryEndpoint } from './endpoints.js';
import { FIELDS_CELL, planFields } from './fields.js';
import { nameOf, setUpMatrix, subjects, type Matrix } from './matrix.js';
import { readTable } from './table.js';

const fields = readTable('fields.txt', 2, FIELDS_CELL);
const endpoints = readTable('endpoints.txt', 3, ENDPOINT_CELL);

const matrix = setUpMatrix({
	plan: (given, client) => fields.flatMap((line) => planFields(line, subjects, given, client)),
	last: tryEndpoints,
});

/** The administrator's one after the other, at the end: some change the model, and everybody waits for that. */
async function tryEndpoints({ world, client, outcome }: Matrix): Promise<void> {
	const tries = endpoints.flatMap((line) => planEndpoint(line, world));
	const work = async (one: (typeof tries)[number]) => {
		const failure = await tryEndpoint(client, one);
		if (failure === null) return;
		outcome.failed.add(`${one.line} ${one.role}`);
		outcome.failures.set(one.line, [...(outcome.failures.get(one.line) ?? []), failure]);
	};

	outcome.cells += tries.length;
	await inParallel(
		tries.filter(({ role }) => role !== 'administrator'),
		work,
	);
	for (const one of tries.filter(({ role }) => role === 'administrator')) await work(one);
}

describe('fields', () => {
	it.each(fields.map(nameOf))('%s', (line) => expect(matrix().failuresOf(line)).toEqual([]));
});

describe('endpoints', () => {
	it.each(endpoints.map(nameOf))('%s', (line) => expect(matrix().failuresOf(line)).toEqual([]));
});

it('answers nothing with a server error', () => {
	expect(matrix().client.serverErrors).toEqual([]);
});
