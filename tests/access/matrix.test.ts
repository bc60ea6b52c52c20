import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { MEMBERS, ROLES } from './roles.js';
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
let uploads: string;
let client: Client;
let outcome: Outcome;
let world: World;

beforeAll(async () => {
	uploads = await mkdtemp(join(tmpdir(), 'trm-uploads-'));
	stack = await startStack({ env: { STORAGE_LOCAL_ROOT: uploads } });
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
	// All of it is tried here: minutes where the machine is busy with something else.
}, 900_000);

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
	await rm(uploads, { recursive: true, force: true });
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

// Directus joins what a permission's filter asks of other rows, and counts what that makes of one row.
it.each(ROLES)('counts a published organisation once, and not with its members: %s', async (role) => {
	const { organization } = world.foreign;
	const query = `aggregate[count]=id&filter[id][_eq]=${organization}`;
	const { status, body } = await client.rest(role, 'GET', `/items/organizations?${query}`);
	if (status === 200) expect(Number(body.data[0].count.id)).toBe(1);
	else expect([400, 403]).toContain(status);
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
