import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { circlesOf } from './circles.js';

/** The rooms of docs/architecture.md, and which imports between them the page allows. */
const root = join(import.meta.dirname, '../..');
const BUNDLE = 'extensions/trm/src/';
const SOURCE = /\.(ts|vue)$/;

const sources = [BUNDLE, 'packages/', 'tools/'].flatMap(filesBelow);
const imports = new Map(sources.map((path) => [path, importsOf(path)]));
const table = tableOf(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));

function filesBelow(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((path) => SOURCE.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
		.map((path) => folder + path);
}

/** The files of this repository that a file imports, for their types too; SQL is no source. */
function importsOf(path: string): string[] {
	const text = readFileSync(join(root, path), 'utf8');
	const { importedFiles } = ts.preProcessFile(path.endsWith('.vue') ? scriptOf(text) : text);
	return importedFiles
		.map(({ fileName }) => fileName)
		.filter((name) => name.startsWith('.') && !name.endsWith('.sql?raw'))
		.map((name) => sourceOf(join(path, '..', name)));
}

/** The scripts of a component, without its template. */
function scriptOf(component: string): string {
	return [...component.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script]) => script).join('\n');
}

function sourceOf(path: string): string {
	return [path, path.replace(/\.js$/, '.ts')].find((name) => sources.includes(name)) ?? path;
}

/** A room as the table calls it: `fixes/`, `packages/event-contract/`; null for a file that is in none. */
function roomOf(path: string): string | null {
	const [, inBundle, besides] = /^(?:extensions\/trm\/src\/([^/]+\/)|((?:packages|tools)\/[^/]+\/))/.exec(path) ?? [];
	return inBundle ?? besides ?? null;
}

/** A folder of a room: `access/read-guard`; null for a file that is directly in the room. */
function folderOf(path: string): string | null {
	return /^extensions\/trm\/src\/([^/]+\/[^/]+)\//.exec(path)?.[1] ?? null;
}

/** The last column of the table, by room. */
function tableOf(page: string): Map<string, string[]> {
	const rows = page.matchAll(/^\| `(\S+\/)` +\|[^|]*\| ([^|]*?) +\|$/gm);
	return new Map([...rows].map(([, room, allowed]) => [room as string, allowed?.match(/[\w-]+\/(?=`)/g) ?? []]));
}

/** The same imports between larger things; `null` leaves a file out. */
function between(nameOf: (path: string) => string | null): Map<string, Set<string>> {
	const graph = new Map<string, Set<string>>();

	for (const [path, targets] of imports) {
		const from = nameOf(path);
		if (from === null) continue;
		const others = targets.map(nameOf).filter((name) => name !== null && name !== from) as string[];
		graph.set(from, new Set([...(graph.get(from) ?? []), ...others]));
	}

	return graph;
}

describe('rooms', () => {
	const rooms = between(roomOf);
	const shortName = (room: string) => room.replace(/^(packages|tools)\//, '');

	it('are compared with imports that are really there', () => {
		expect(imports.size).toBeGreaterThan(200);
		expect([...(rooms.get('race-control/') ?? [])]).toEqual(['fixes/']);
		expect([...(rooms.get('event-stream/') ?? [])]).toContain('packages/event-contract/');
	});

	it('stand in the table, all of them and no others', () => {
		expect([...table.keys()].sort()).toEqual([...rooms.keys()].sort());
	});

	it.each([...rooms])('%s imports exactly the rooms that the table allows', (room, others) => {
		expect([...others].map(shortName).sort()).toEqual([...(table.get(room) ?? [])].sort());
	});

	it('lead to files that are there', () => {
		const missing = [...imports].flatMap(([path, targets]) =>
			targets.filter((target) => !sources.includes(target)).map((target) => `${path} -> ${target}`),
		);
		expect(missing).toEqual([]);
	});
});

describe('no circular imports', () => {
	it('between rooms', () => {
		expect(circlesOf(between(roomOf))).toEqual([]);
	});

	it('between the folders of a room', () => {
		expect(circlesOf(between(folderOf))).toEqual([]);
	});

	it('between files', () => {
		expect(circlesOf(imports)).toEqual([]);
	});
});
