import type { Answer } from '../support/stack.js';
import type { Client } from './client.js';
import * as graphql from './graphql.js';
import { ROLES, type Role, type Situation } from './roles.js';
import { canary, newImei, newPhone, newSlug, newVin } from './side.js';
import { restPath, type Context, type Subject } from './subject.js';
import type { Line } from './table.js';
import { APIS, type Try } from './tries.js';
import { errorsOf, graphqlVerdict, isRefusal, REFUSED, restVerdict, ALLOWED, type Verdict } from './verdict.js';

export const FIELDS_CELL = /^[r.-][u.-]$/;

/** Fields that are other rows: GraphQL asks for something of these. */
const RELATIONS = ['entries.vehicle', 'entry_devices.device', 'entry_crew.user', 'directus_users.role'];
const isRelation = (collection: string, field: string) =>
	field === 'user_created' || RELATIONS.includes(`${collection}.${field}`);

/** Where users are concerned a situation is another subject. */
const USERS: Record<string, [name: string, situation: Situation]> = {
	oneself: ['directus_users', 'own'],
	colleague: ['directus_users[colleague]', 'own'],
	stranger: ['directus_users', 'foreign'],
};

let raceNumber = 9000;

/** Another value of a field that the database takes, by field; text where there is none. */
const VALUES: Record<string, (context: Context) => unknown> = {
	slug: newSlug,
	country: () => 'IT',
	'organizations.status': () => 'archived',
	'events.status': ({ situation }) => (situation === 'own' ? 'published' : 'live'),
	'entries.status': () => 'scrutineered',
	'devices.status': () => 'spare',
	'directus_users.status': () => 'suspended',
	'directus_users.role': ({ world }) => world.roles['Administrator'],
	date_created: () => '2026-01-01T00:00:00Z',
	timezone: () => 'Europe/Rome',
	race_number: () => ++raceNumber,
	'entries.vehicle': ({ world, situation }) => world[situation === 'own' ? 'own' : 'foreign'].published.vehicle,
	nationality: () => 'IT',
	'entry_devices.role': () => 'backup',
	assigned_from: () => '2026-06-02T00:00:00Z',
	vin: newVin,
	year: () => 2025,
	imei: newImei,
	phone: newPhone,
	'entry_crew.user': ({ world }) => world.colleague,
	'entry_devices.device': ({ world }) => world.own.published.device,
	user_created: ({ world }) => world.colleague,
	email: () => `${canary()}@example.com`,
};

/** The tries of a line of fields.txt; the rows that they need are added to the batch. */
export function planFields(
	{ labels, cells }: Line,
	subjects: Record<string, Subject>,
	{ world, batch }: Pick<Context, 'world' | 'batch'>,
	client: Client,
): Try[] {
	const [name, given] = labels as [string, string];
	const [collection, field] = name.split('.') as [string, string];
	const [key, situation] =
		collection === 'directus_users' ? (USERS[given] as [string, Situation]) : [collection, given as Situation];
	const subject = subjects[key];
	if (subject === undefined) throw new Error(`There is nothing to try for ${labels.join(' ')}`);

	return ROLES.flatMap((role) => {
		const person = world.persons[role] ?? world.foreigner;
		const context: Context = { world, batch, role, person, situation };
		const [read, update] = cells[role];
		const base = { line: labels.join(' '), role };

		return APIS.flatMap((api): Try[] => {
			const tries: Try[] = [];

			if (read !== '.') {
				const id = subject.target(context);
				const request = () => readField(client, role, api === 'REST', { collection, field, id });
				tries.push({ ...base, api, action: 'read', requests: [request], expectation: { allowed: read === 'r' } });
			}

			if (update !== '.') {
				const id = rowToChange(subject, context);
				const value = (VALUES[name] ?? VALUES[field] ?? canary)(context);
				const expectation = { allowed: update === 'u', table: collection, changing: [id], column: field };
				const request = () => writeField(client, role, api === 'REST', { collection, id, data: { [field]: value } });
				tries.push({ ...base, api, action: 'update', requests: [request], expectation });
			}

			return tries;
		});
	});
}

function rowToChange(subject: Subject, context: Context): string {
	const [first] = subject.updates?.(context) ?? [];
	if (first === undefined) throw new Error(`${subject.collection}: nothing to update`);
	return first.id;
}

interface Place {
	collection: string;
	field: string;
	id: string;
}

async function readField(
	client: Client,
	role: Role,
	byRest: boolean,
	{ collection, field, id }: Place,
): Promise<Verdict> {
	if (byRest) {
		const answer = await client.rest(role, 'GET', `${restPath(collection)}/${id}?fields=${field}`);
		const verdict = restVerdict(answer);
		return verdict === ALLOWED ? shown(answer.body.data[field]) : verdict;
	}

	const path = isRelation(collection, field) ? [field, 'id'] : [field];
	let answer: Answer = await graphql.nested(client, role, { collection, id, path });
	if (graphql.isKeyOnly(answer)) answer = await graphql.nested(client, role, { collection, id, path: [field] });
	if (errorsOf(answer).some((error) => !isRefusal(error))) return { odd: JSON.stringify(answer.body).slice(0, 200) };
	return shown(answer.body?.data?.single?.[field]);
}

const shown = (value: unknown) => (value == null ? REFUSED : ALLOWED);

async function writeField(
	client: Client,
	role: Role,
	byRest: boolean,
	{ collection, id, data }: { collection: string; id: string; data: Record<string, unknown> },
): Promise<Verdict> {
	return byRest
		? restVerdict(await client.rest(role, 'PATCH', `${restPath(collection)}/${id}`, data))
		: graphqlVerdict(await graphql.update(client, role, collection, id, data));
}
