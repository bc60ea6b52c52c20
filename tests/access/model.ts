import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import { root } from '../support/environment.js';

/** A relation as one of its two collections has it. */
export interface Step {
	from: string;
	field: string;
	to: string;
	isList: boolean;
}

interface Snapshot {
	collections: { collection: string }[];
	fields: { collection: string; field: string; type: string }[];
	relations: { collection: string; field: string; related_collection: string; meta: { one_field: string | null } }[];
}

interface Access {
	policies: { permissions: Record<string, Record<string, unknown>> }[];
}

const read = <File>(name: string) => load(readFileSync(resolve(root, 'snapshots', name), 'utf8')) as File;
const snapshot = read<Snapshot>('schema.yaml');

/** The collections, fields and relations of the snapshot: what is added there is attacked too. */
export const COLLECTIONS = snapshot.collections
	.map(({ collection }) => collection)
	// The others are folders of the navigation.
	.filter((name) => snapshot.fields.some(({ collection, field }) => collection === name && field === 'id'));

export const STEPS: Step[] = snapshot.relations.flatMap(({ collection, field, related_collection: to, meta }) => [
	{ from: collection, field, to, isList: false },
	...(meta.one_field === null ? [] : [{ from: to, field: meta.one_field, to: collection, isList: true }]),
]);

export const FIELDS: Readonly<Record<string, { field: string; type: string }[]>> = Object.fromEntries(
	COLLECTIONS.map((name) => [name, snapshot.fields.filter(({ collection }) => collection === name)]),
);

/** Collections of which some policy gives the right to make items. */
export const MADE_BY_MEMBERS = [
	...new Set(
		read<Access>('access.yaml').policies.flatMap(({ permissions }) =>
			Object.keys(permissions).filter((collection) => 'create' in (permissions[collection] ?? {})),
		),
	),
];

export const stepsFrom = (collection: string) => STEPS.filter(({ from }) => from === collection);
