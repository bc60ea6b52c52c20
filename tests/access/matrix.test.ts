import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';
import { authoritySubjects } from './authority-subjects.js';
import { catalogueSubjects } from './catalogue-subjects.js';
import { Client, inParallel } from './client.js';
import { ENDPOINT_CELL, planEndpoint, tryEndpoint } from './endpoints.js';
import { eventSubjects } from './event-subjects.js';
import { FIELDS_CELL, planFields } from './fields.js';
import { membershipSubjects } from './membership-subjects.js';
import { report } from './report.js';
import { planRights, RIGHTS_CELL } from './rights.js';
import { MEMBERS } from './roles.js';
import { Batch } from './rows.js';
import { systemSubjects } from './system-subjects.js';
import { readTable } from './table.js';
import { makeTries, type Outcome } from './tries.js';
import { makeWorld, type World } from './world.js';

const subjects = {
	...catalogueSubjects,
	...eventSubjects,
	...membershipSubjects,
	...authoritySubjects,
	...systemSubjects,
};
const rights = [...readTable('rights.txt', 2, RIGHTS_CELL), ...readTable('rights-system.txt', 2, RIGHTS_CELL)];
const fields = readTable('fields.txt', 2, FIELDS_CELL);
const endpoints = readTable('endpoints.txt', 3, ENDPOINT_CELL);

let stack: Stack;
let client: Client;
let outcome: Outcome;
let world: World;

beforeAll(async () => {
	stack = await startStack();
	world = await makeWorld(stack);
	client = new Client(stack.url, world.tokens);

	const batch = new Batch();
	const tries = [
		...rights.flatMap((line) => planRights(line, subjects, { world, batch }, client)),
		...fields.flatMap((line) => planFields(line, subjects, { world, batch }, client)),
	];
	await batch.insert(stack);

	const began = Date.now();
	outcome = await makeTries(stack, tries);
	await tryEndpoints();
	console.log(`${outcome.cells} cells, ${client.requests} requests, ${(Date.now() - began) / 1000} s`);
});

/** The administrator's one after the other, at the end: some change the model, and everybody waits for that. */
async function tryEndpoints(): Promise<void> {
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

afterAll(async () => {
	await stack?.stop();
	const failed = outcome?.failed.size ?? 1;
	report('matrix', {
		cells: outcome?.cells ?? 0,
		cells_failed: failed,
		server_errors: client?.serverErrors.length ?? 0,
	});
});

const nameOf = ({ labels }: { labels: string[] }) => labels.join(' ');

describe('rights', () => {
	it.each(rights.map(nameOf))('%s', (line) => expect(outcome.failures.get(line) ?? []).toEqual([]));
});

describe('fields', () => {
	it.each(fields.map(nameOf))('%s', (line) => expect(outcome.failures.get(line) ?? []).toEqual([]));
});

describe('endpoints', () => {
	it.each(endpoints.map(nameOf))('%s', (line) => expect(outcome.failures.get(line) ?? []).toEqual([]));
});

it('gives nobody the right to share', async () => {
	for (const role of MEMBERS) {
		const { body } = await client.rest(role, 'GET', '/permissions/me');
		const rights = Object.entries<Record<string, { access: string }>>(body.data);
		expect(rights.filter(([, { share }]) => share?.access !== 'none').map(([collection]) => collection)).toEqual([]);
	}
});

it('answers nothing with a server error', () => {
	expect(client.serverErrors).toEqual([]);
});
