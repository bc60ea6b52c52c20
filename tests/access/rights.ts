import { readByGraphql, readByRest, type Way } from './attempts.js';
import type { Client } from './client.js';
import * as graphql from './graphql.js';
import { MEMBERS, ROLES, type Role, type Situation } from './roles.js';
import { canary } from './side.js';
import { restPath, type Context, type Subject } from './subject.js';
import type { Line } from './table.js';
import { APIS, type Api, type Try } from './tries.js';
import { graphqlVerdict, restVerdict } from './verdict.js';

/** Create, read, update, delete, share: the letter, `C` for REST alone, `-` where it is refused, `.` where it is not tried. */
export const RIGHTS_CELL = /^[cC.-][r.-][u.-][d.-][s.-]$/;
const ACTIONS = ['create', 'read', 'update', 'delete', 'share'] as const;
type Action = (typeof ACTIONS)[number];

/** The tries of a line of rights.txt or rights-system.txt; the rows that they need are added to the batch. */
export function planRights(
	{ labels, cells }: Line,
	subjects: Record<string, Subject>,
	{ world, batch }: Pick<Context, 'world' | 'batch'>,
	client: Client,
): Try[] {
	const [name, situation] = labels as [string, Situation];
	const subject = subjects[name];
	if (subject === undefined) throw new Error(`There is nothing to try for ${name}`);

	return ROLES.flatMap((role) => {
		const person = world.persons[role] ?? world.foreigner;
		const context: Context = { world, batch, role, person, situation };

		return ACTIONS.flatMap((action, index) => {
			const letter = cells[role][index];
			if (letter === '.') return [];

			return APIS.map((api) => ({
				line: labels.join(' '),
				role,
				action,
				api,
				...plan(subject, action, api, letter !== '-' && !(letter === 'C' && api === 'GraphQL'), context, client),
			}));
		});
	});
}

function plan(
	subject: Subject,
	action: Action,
	api: Api,
	allowed: boolean,
	context: Context,
	client: Client,
): Pick<Try, 'requests' | 'expectation'> {
	const { collection } = subject;
	const { role } = context;
	const path = restPath(collection);
	const byRest = api === 'REST';

	if (action === 'read') {
		const id = subject.target(context);
		const way = wayTo(subject, context);
		const read = byRest ? readByRest : readByGraphql;
		return { requests: [() => read(client, role, collection, id, way)], expectation: { allowed } };
	}

	if (action === 'share') {
		const data = { collection, item: subject.target(context), name: canary() };
		return {
			requests: [creation(client, role, 'directus_shares', byRest, data)],
			expectation: { allowed, table: 'directus_shares', marks: [{ name: data.name }] },
		};
	}

	if (action === 'create') {
		const all = given(subject, action, subject.creations?.(context));
		const creations = allowed ? all.slice(0, 1) : all;
		return {
			requests: creations.map(({ data }) => creation(client, role, collection, byRest, data)),
			expectation: { allowed, table: collection, marks: creations.map(({ mark }) => mark) },
		};
	}

	if (action === 'update') {
		const updates = given(subject, action, subject.updates?.(context));
		return {
			requests: updates.map(
				({ id, data }) =>
					async () =>
						byRest
							? restVerdict(await client.rest(role, 'PATCH', `${path}/${id}`, data))
							: graphqlVerdict(await graphql.update(client, role, collection, id, data)),
			),
			expectation: { allowed, table: collection, changing: updates.map(({ id }) => id) },
		};
	}

	const ids = given(subject, action, subject.deletions?.(context));
	return {
		requests: ids.map(
			(id) => async () =>
				byRest
					? restVerdict(await client.rest(role, 'DELETE', `${path}/${id}`))
					: graphqlVerdict(await graphql.remove(client, role, collection, id)),
		),
		expectation: { allowed, table: collection, going: ids },
	};
}

const creation =
	(client: Client, role: Role, collection: string, byRest: boolean, data: Record<string, unknown>) => async () =>
		byRest
			? restVerdict(await client.rest(role, 'POST', restPath(collection), data))
			: graphqlVerdict(await graphql.create(client, role, collection, data));

function given<Value>(subject: Subject, action: Action, values: Value[] | undefined): Value[] {
	if (values === undefined || values.length === 0) throw new Error(`${subject.collection}: nothing to ${action}`);
	return values;
}

/** Members see their own rows from both sides; others need not be able to see the row that the way begins at. */
function wayTo(subject: Subject, context: Context): Way | null {
	const way = subject.nested?.(context);
	if (way === undefined) return null;
	const { role, situation } = context;
	const isMember = (MEMBERS as readonly string[]).includes(role) && situation === 'own';
	return { ...way, leads: role === 'administrator' || isMember };
}
