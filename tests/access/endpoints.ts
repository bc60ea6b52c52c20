import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/stack.js';
import type { Client } from './client.js';
import { ROLES, type Role } from './roles.js';
import { canary, FIX_RANGE, newImei } from './side.js';
import type { Line } from './table.js';
import { errorsOf, isRefusal } from './verdict.js';
import type { World } from './world.js';

/** A status, `yes` or `no` of GraphQL, or `.` where it is not tried. */
export const ENDPOINT_CELL = /^([1-5]\d\d|yes|no|\.)$/;

/** What stands for itself in the paths of endpoints.txt. */
const inPath = ({ own, foreign }: World): Record<string, string> => {
	const track = (imei: string) => `device_id=${imei}&from=${FIX_RANGE.from}&to=${FIX_RANGE.to}`;

	return {
		'{own}': track(own.draft.imei),
		'{foreign}': track(foreign.draft.imei),
		'{unknown}': track(newImei()),
		'{revision}': '1',
		'{file}': randomUUID(),
		'{folder}': randomUUID(),
		'{flow}': randomUUID(),
	};
};

const flagging = (...imeis: string[]) => ({
	ranges: imeis.map((device_id) => ({ device_id, from: '2026-06-07T08:00:30Z', to: '2026-06-07T08:00:40Z' })),
});

const NOTHING = { collections: [], fields: [], systemFields: [], relations: [] };

/** Bodies by method, path and case; the rest are sent without one. */
const bodies = ({ own, foreign, roles }: World): Record<string, unknown> => ({
	'POST /positions/flag-faulty own': flagging(own.draft.imei),
	'POST /positions/flag-faulty foreign': flagging(foreign.draft.imei),
	'POST /positions/flag-faulty both': flagging(own.draft.imei, foreign.draft.imei),
	'POST /positions/flag-faulty unknown': flagging(newImei()),
	'POST /positions/flag-faulty keys': { positions: [{ device_id: own.draft.imei, ts: '2026-06-07T08:00:50Z' }] },
	'PATCH /users/me language': { language: 'de-DE' },
	'PATCH /users/me email': { email: `${canary()}@example.com` },
	'PATCH /users/me role': { role: roles['Administrator'] },
	'PATCH /users/me policies': { policies: { create: [{ policy: randomUUID() }] } },
	'PATCH /users/me token': { token: canary() },
	'PATCH /users/me/track/page -': { last_page: '/content/events' },
	'POST /users/invite -': { email: `${canary()}@example.com`, role: roles['Staff'] },
	'POST /users/register -': { email: `${canary()}@example.com`, password: canary() },
	'POST /auth/login wrong': { email: `${canary()}@example.com`, password: canary() },
	'POST /auth/refresh wrong': { refresh_token: canary(), mode: 'json' },
	'POST /shares/auth wrong': { share: randomUUID() },
	'POST /server/setup -': {
		project_owner: `${canary()}@example.com`,
		admin: { email: 'a@example.com', password: canary() },
	},
	'POST /collections -': { collection: canary(), schema: {}, meta: {} },
	'PATCH /collections/events -': { meta: { note: canary() } },
	'POST /fields/events -': { field: canary(), type: 'string' },
	'PATCH /fields/events/name -': { meta: { note: canary() } },
	'POST /relations -': { collection: 'events', field: 'name', related_collection: 'organizations' },
	'PATCH /relations/events/organization -': { meta: { one_field: 'events' } },
	'POST /schema/diff -': { version: 1, directus: '11.17.4', vendor: 'postgres', ...NOTHING },
	'POST /schema/apply -': { hash: canary(), diff: NOTHING },
	'PATCH /settings -': { project_descriptor: canary() },
	'POST /settings/owner -': { project_owner: `${canary()}@example.com` },
	'POST /extensions/registry/install -': { extension: randomUUID(), version: randomUUID() },
	'POST /deployments -': { provider: 'vercel', credentials: { access_token: canary() } },
	'POST /utils/sort/classes own': { item: own.draft.class, to: own.published.class },
	'POST /utils/sort/classes foreign': { item: foreign.draft.class, to: foreign.published.class },
	'POST /utils/translations/generate -': { collection: 'events', fields: ['name'], languagesCollection: canary() },
	'POST /assets/files -': { ids: [randomUUID()] },
	'POST /files/import -': { url: 'http://127.0.0.1:1/' },
	'POST /mcp -': { jsonrpc: '2.0', id: 1, method: 'tools/list' },
	'POST /ai/chat -': {},
});

/** What is asked of /graphql/system, by field: its arguments and what of the answer. */
const GRAPHQL: Record<string, string> = {
	collections_by_name: '(name: "events") { collection }',
	fields_by_name: '(collection: "events", field: "name") { field }',
	relations_by_name: '(collection: "events", field: "organization") { field }',
	settings: '{ project_name }',
	extensions: '{ name }',
	create_collections_item: '(data: { collection: "access_probe", fields: [] }) { collection }',
	update_collections_item: '(collection: "events", data: { meta: { note: "probe" } }) { collection }',
	delete_collections_item: '(collection: "events") { collection }',
	create_fields_item: '(collection: "events", data: { field: "access_probe", type: "string" }) { field }',
	update_fields_item: '(collection: "events", field: "name", data: { meta: { note: "probe" } }) { field }',
	delete_fields_item: '(collection: "events", field: "name") { field }',
	delete_relations_item: '(collection: "events", field: "organization") { field }',
	update_settings: '(data: { project_descriptor: "probe" }) { project_descriptor }',
};

export interface EndpointTry {
	line: string;
	role: Role;
	expected: string;
	request: (client: Client) => Promise<Answer>;
	isGraphql: boolean;
}

/** The tries of a line of endpoints.txt: one for each role. */
export function planEndpoint({ labels, cells }: Line, world: World): EndpointTry[] {
	const [method, path] = labels as [string, string, string];
	const line = labels.join(' ');
	const isGraphql = method === 'QUERY' || method === 'MUTATION';

	return ROLES.filter((role) => cells[role] !== '.').map((role) => ({
		line,
		role,
		isGraphql,
		expected: cells[role],
		request: (client) =>
			isGraphql
				? client.graphql(role, `${method.toLowerCase()} { ${path}${GRAPHQL[path]} }`, {}, 'system')
				: client.rest(role, method, filledIn(path, world), bodies(world)[line]),
	}));
}

const filledIn = (path: string, world: World) =>
	Object.entries(inPath(world)).reduce((filled, [name, value]) => filled.replace(name, value), path);

/** @returns what came instead, in words; null where it is what the table says. */
export async function tryEndpoint(
	client: Client,
	{ line, role, expected, request, isGraphql }: EndpointTry,
): Promise<string | null> {
	const answer = await request(client);
	const came = isGraphql ? graphqlOutcome(answer) : String(answer.status);
	if (came === expected) return null;

	const body = JSON.stringify(answer.body)?.slice(0, 200) ?? 'nothing';
	return `${role} ${line}: expected ${expected}, came ${came}: ${body}`;
}

function graphqlOutcome(answer: Answer): string {
	const errors = errorsOf(answer);
	if (errors.length === 0 && answer.status === 200) return 'yes';
	return errors.length > 0 && errors.every(isRefusal) ? 'no' : String(answer.status);
}
