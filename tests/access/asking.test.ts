import { afterAll, describe, expect, it } from 'vitest';
import { reportCounts } from '../support/report-counts.js';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';
import { Client, inParallel } from './client.js';
import { FIELDS_CELL } from './fields.js';
import { RIGHTS_CELL } from './rights.js';
import { ROLES, type Role } from './roles.js';
import { restPath } from './subject.js';
import { readTable, type Line } from './table.js';
import { makeWorld } from './world.js';

/**
 * Everybody can sort and filter by what he can read, also through relations. Directus and the read guard add the filters of
 * policies to a question, and a policy that asks by a field which nobody gives would have it refused.
 */
interface Cell {
	role: Role;
	collection: string;
	/** what the reviewed tables say that he can read of it, on some rows */
	expected: string[];
}

const collectionOf = ({ labels }: Line) => (labels[0] as string).split(/[.[]/)[0] as string;
const given = readTable('fields.txt', 2, FIELDS_CELL);
const readable = ['rights.txt', 'rights-system.txt']
	.flatMap((file) => readTable(file, 2, RIGHTS_CELL))
	.filter(({ labels }) => labels[0] !== 'directus_versions');

const CELLS: Cell[] = ROLES.flatMap((role) => {
	const listed = new Set(readable.filter(({ cells }) => cells[role][1] === 'r').map(collectionOf));

	return [...listed].map((collection) => {
		const lines = given.filter((line) => collectionOf(line) === collection && line.cells[role].startsWith('r'));
		return { role, collection, expected: lines.map(({ labels }) => (labels[0] as string).split('.')[1] as string) };
	});
});

interface Field {
	type: string;
	/** the collection that it leads to */
	to?: string;
	isList: boolean;
}

type Model = Record<string, Record<string, Field>>;

let stack: Stack;
let client: Client;
let model: Model;
const fields = new Map<string, string[]>();
const failures = new Map<Cell, string[]>();

useServedStack(async (served) => {
	stack = served;
	const world = await makeWorld(stack);
	client = new Client(stack.url, world.tokens);
	model = await readModel();

	await inParallel(CELLS, async (cell) => void fields.set(nameOf(cell), await fieldsOf(cell)));
	await inParallel(CELLS, async (cell) => void failures.set(cell, await tryAll(cell)));
});

afterAll(({}, suite) => {
	const failed = CELLS.filter((cell) => failures.get(cell)?.length !== 0).length;
	reportCounts(suite, {
		cells: CELLS.length,
		cells_failed: failed,
		server_errors: client?.serverErrors.length ?? 0,
	});
});

const nameOf = ({ role, collection }: Pick<Cell, 'role' | 'collection'>) => `${role} ${collection}`;

async function readModel(): Promise<Model> {
	const { body: all } = await client.rest('administrator', 'GET', '/fields');
	const { body: relations } = await client.rest('administrator', 'GET', '/relations');
	const found: Model = {};
	for (const { collection, field, type } of all.data) (found[collection] ??= {})[field] = { type, isList: false };

	for (const { collection, field, related_collection: to, meta } of relations.data) {
		const row = found[collection]?.[field];
		const list = found[to]?.[meta?.one_field];
		if (row !== undefined && to !== null) row.to = to;
		if (list !== undefined) Object.assign(list, { to: collection, isList: true });
	}

	return found;
}

/** What a row of it shows him; a right to some rows shows the field, empty, on all of them. */
async function fieldsOf({ role, collection, expected }: Cell): Promise<string[]> {
	const { body } = await client.rest(role, 'GET', `${restPath(collection)}?limit=1&fields=*`);
	return [...new Set([...expected, ...Object.keys(body?.data?.[0] ?? {})])];
}

async function tryAll(cell: Cell): Promise<string[]> {
	const { role, collection } = cell;
	const own = fields.get(nameOf(cell)) ?? [];
	const plain = own.filter((field) => isPlain(collection, field));
	const sort = plain.map((field, index) => (index % 2 === 0 ? field : `-${field}`)).join(',');

	const through = pathsFrom(role, collection, 2);
	const queries = [`sort=${sort}`, ...[plain.map((field) => [field]), ...through].filter(hasAny).map(filterBy)];
	const wrong: string[] = plain.length === 0 && own.length > 0 ? ['there is no field to ask by'] : [];

	for (const query of queries) {
		const { status, body } = await client.rest(role, 'GET', `${restPath(collection)}?limit=1&${query}`);
		if (status !== 200) wrong.push(`${query}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
	}

	return wrong;
}

const hasAny = (paths: string[][]) => paths.length > 0;

/** Postgres has no order of the documents of a `json`. */
const isPlain = (collection: string, field: string) =>
	!['alias', 'json', undefined].includes(model[collection]?.[field]?.type);

/** By the relations that he can read: the paths to the plain fields behind each. Whoever wrote a row is followed from the first one only. */
function pathsFrom(role: Role, collection: string, depth: number, from: string | null = null): string[][][] {
	return (fields.get(nameOf({ role, collection })) ?? []).flatMap((field) => {
		const { to, isList } = model[collection]?.[field] ?? { isList: false };
		// A list that leads back joins each item with all others: no query may (docs/security.md).
		if (to === undefined || depth === 0 || (isList && [from, collection].includes(to) && from !== null)) return [];

		const behind = (fields.get(nameOf({ role, collection: to })) ?? []).filter((name) => isPlain(to, name));
		const further =
			isList || to.startsWith('directus_') ? [] : pathsFrom(role, to, depth - 1, collection).filter(isOfItsOwn);
		return [behind.map((name) => [name]), ...further].map((paths) => paths.map((path) => [field, ...path]));
	});
}

const isOfItsOwn = (paths: string[][]) => !/^user_(created|updated)$/.test(paths[0]?.[0] ?? '');

/** Every row matches one of the conditions. */
function filterBy(paths: string[][]): string {
	const conditions = paths.flatMap((path) =>
		[{ _null: true }, { _nnull: true }].map((condition) =>
			path.reduceRight<object>((inner, name) => ({ [name]: inner }), condition),
		),
	);

	return `filter=${encodeURIComponent(JSON.stringify({ _or: conditions }))}`;
}

describe('everybody can ask by what he can read', () => {
	it.each(CELLS.map((cell) => [nameOf(cell), cell] as const))('%s', (_, cell) =>
		expect(failures.get(cell)?.join('\n') ?? 'was not tried').toBe(''),
	);

	it('knows the fields that the reviewed table says', () => {
		for (const { collection, expected } of CELLS)
			expect(Object.keys(model[collection] ?? {})).toEqual(expect.arrayContaining(expected));
	});
});
