import { randomUUID } from 'node:crypto';
import { STEPS } from '../model.js';
import { alike, type Ask, type Attack, type Group } from './attack.js';
import { MAKES } from './keys.js';
import type { Setting } from './setting.js';

/** A row of A that an owner or race director may change, and one of B that he cannot see. */
const rowsOf = ({
	own,
	foreign,
	memberships,
	foreigner,
}: Setting): Record<string, { own?: string; theirs: string }> => ({
	organizations: { own: own.organization, theirs: foreign.organization },
	organization_users: { own: memberships.colleague, theirs: memberships.foreigner },
	organization_devices: { own: own.draft.organization_device, theirs: foreign.draft.organization_device },
	organization_vehicles: { own: own.draft.organization_vehicle, theirs: foreign.draft.organization_vehicle },
	events: { own: own.draft.event, theirs: foreign.draft.event },
	classes: { own: own.draft.class, theirs: foreign.draft.class },
	entries: { own: own.draft.entry, theirs: foreign.draft.entry },
	entry_crew: { own: own.draft.crew, theirs: foreign.draft.crew },
	entry_devices: { own: own.draft.assignment, theirs: foreign.draft.assignment },
	vehicles: { own: own.draft.vehicle, theirs: foreign.draft.vehicle },
	devices: { own: own.draft.device, theirs: foreign.draft.device },
	directus_users: { theirs: foreigner },
});

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The same request with a row of B and with none. */
const both = (s: Setting, theirs: string, ask: (id: string) => Ask): [Ask[], string[]] => [
	[ask(theirs), ask(NOBODY)],
	[theirs, NOBODY, s.foreign.organization],
];

type Form = [name: string, value: (id: string) => unknown];

/** What may stand for related rows. */
const ROW: Form[] = [
	['by its key', (id) => id],
	['as a row', (id) => ({ id })],
	['as a row that changes', (id) => ({ id, name: 'x' })],
];
const LIST: Form[] = [
	['by its key', (id) => [id]],
	['as a row', (id) => [{ id }]],
	['as a row that changes', (id) => [{ id, status: 'active' }]],
	['to be updated', (id) => ({ create: [], update: [{ id, status: 'active' }], delete: [] })],
	['to be deleted', (id) => ({ create: [], update: [], delete: [id] })],
	['to be updated into nothing', (id) => ({ create: [], update: [{ id }], delete: [] })],
];

/** What is made with nothing of B's in it is simply made. */
const methodsOf = (how: string) => (how === 'to be deleted' ? (['PATCH'] as const) : (['PATCH', 'POST'] as const));

const related: Attack[] = STEPS.filter(
	({ from, field }) => from in MAKES && !/^user_(created|updated)$/.test(field),
).flatMap(({ from, field, to, isList }) =>
	(isList ? LIST : ROW).flatMap(([how, value]) =>
		methodsOf(how).map((method) => {
			const ask =
				(s: Setting) =>
				(id: string): Ask => {
					const row = method === 'POST' ? '' : `/${rowsOf(s)[from]?.own}`;
					const data = method === 'POST' ? (MAKES[from]?.data(s) ?? {}) : {};
					return ['owner', method, `/items/${from}${row}?fields=id`, { ...data, [field]: value(id) }];
				};

			return alike(
				`${method} of ${from} with a row of B ${how} in ${field}, and with none that exists`,
				(s) => both(s, rowsOf(s)[to]?.theirs ?? randomUUID(), ask(s))[0],
				(s) => both(s, rowsOf(s)[to]?.theirs ?? NOBODY, ask(s))[1],
			);
		}),
	),
);

const WAYS: [name: string, ask: (collection: string, id: string) => Ask][] = [
	['changes', (name, id) => ['owner', 'PATCH', `/items/${name}/${id}`, { status: 'x' }]],
	['changes in a list', (name, id) => ['owner', 'PATCH', `/items/${name}`, [{ id, role: 'viewer' }]]],
	['changes by keys', (name, id) => ['owner', 'PATCH', `/items/${name}`, { keys: [id], data: { name: 'x' } }]],
	['changes nothing', (name, id) => ['owner', 'PATCH', `/items/${name}/${id}`, {}]],
	['deletes', (name, id) => ['owner', 'DELETE', `/items/${name}/${id}`]],
	['deletes by keys', (name, id) => ['owner', 'DELETE', `/items/${name}`, { keys: [id] }]],
	['deletes in a list', (name, id) => ['owner', 'DELETE', `/items/${name}`, [id]]],
	['reads', (name, id) => ['owner', 'GET', `/items/${name}/${id}?fields=id`]],
	[
		'changes by GraphQL',
		(name, id) => [
			'owner',
			'POST',
			'/graphql',
			{ query: `mutation { update_${name}_items(ids: ["${id}"], data: {}) { id } }` },
		],
	],
	[
		'deletes by GraphQL',
		(name, id) => ['owner', 'POST', '/graphql', { query: `mutation { delete_${name}_item(id: "${id}") { id } }` }],
	],
];

const direct: Attack[] = Object.keys(MAKES)
	.filter((name) => !name.startsWith('directus_'))
	.flatMap((name) =>
		WAYS.map(([how, ask]) =>
			alike(
				`${how} one of ${name} of B, and one that does not exist`,
				(s) => both(s, rowsOf(s)[name]?.theirs ?? NOBODY, (id) => ask(name, id))[0],
				(s) => both(s, rowsOf(s)[name]?.theirs ?? NOBODY, (id) => ask(name, id))[1],
			),
		),
	);

export const absent: Group[] = [{ name: 'rows of B and rows that do not exist', attacks: [...related, ...direct] }];
