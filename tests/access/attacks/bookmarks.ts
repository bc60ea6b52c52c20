import type { Answer } from '../../support/stack.js';
import { canary } from '../side.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';
import type { Caller, Client } from '../client.js';
import type { Setting } from './setting.js';

interface Bookmark {
	id: number;
	user: { id: string } | string | null;
	role: { id: string } | string | null;
}

/** The bookmarks in an answer of REST or GraphQL, one or several. */
function bookmarksIn({ body }: Answer): Bookmark[] {
	const data = body?.data?.create_presets_item ?? body?.data?.create_presets_items ?? body?.data ?? [];
	return [data].flat();
}

const CREATE = (name: string, argument: string) =>
	`mutation { ${name}(data: ${argument}) { id user { id } role { id } } }`;

const system = (as: Caller, query: string): Ask => [as, 'POST', '/graphql/system', { query }];

/** A layout without a user, which was everybody's. @returns one request for each route that makes one. */
const layouts = (as: Caller): Ask[] => [
	[as, 'POST', '/presets', { collection: 'events', layout: 'tabular' }],
	[as, 'POST', '/presets', [{ collection: 'events' }, { collection: 'entries', role: null }]],
	system(as, CREATE('create_presets_item', '{ collection: "events" }')),
	system(as, CREATE('create_presets_items', '[{ collection: "events" }, { collection: "entries" }]')),
];

const callers = (s: Setting): [Caller, string | null][] => [
	['owner', s.persons.owner],
	['viewer', s.persons.viewer],
	[s.dismissed, null],
];

const ownedBy = ({ user }: Bookmark) => (typeof user === 'object' ? user?.id : user);

/** What is made must be his own, or he could not delete it. */
const everybodys: Attack = {
	name: 'makes layouts without saying whose',
	asks: (s) => callers(s).flatMap(([as]) => layouts(as)),
	send: async (client: Client, ask: Ask) => {
		const answer = await client.rest(...ask);
		for (const { id } of bookmarksIn(answer)) await client.rest(ask[0], 'DELETE', `/presets/${id}`);
		return answer;
	},
	judge: (answers, s) => {
		const owners = callers(s).flatMap(([as, user]) => layouts(as).map(() => user));
		const wrong = answers.find((answer, index) => {
			const made = bookmarksIn(answer);
			const isOwn = (one: Bookmark) =>
				typeof ownedBy(one) === 'string' && one.role === null && ownedBy(one) === (owners[index] ?? ownedBy(one));
			return made.length === 0 || !made.every(isOwn);
		});
		return wrong === undefined ? null : `not his own: ${wrong.status} ${JSON.stringify(wrong.body)?.slice(0, 300)}`;
	},
};

const handedOver: Attack = {
	...refused(
		'hands his bookmark to others, a role and everybody',
		(s) =>
			[{ user: null }, { user: s.foreigner }, { role: s.roles['Staff'] }, { user: null, role: null }].flatMap(
				(change): Ask[] => [
					['owner', 'PATCH', '/presets/{own}', change],
					['owner', 'PATCH', '/presets', { keys: ['{own}'], data: change }],
					['owner', 'PATCH', '/presets', [{ id: '{own}', ...change }]],
				],
			),
		[400, 403],
	),
	send: async (client, [as, method, path, body]) => {
		const made = await client.rest(as, 'POST', '/presets', { collection: 'events', bookmark: canary() });
		const { id } = made.body.data as Bookmark;
		const filledIn = JSON.parse(JSON.stringify(body).replace('"{own}"', String(id))) as object;
		const answer = await client.rest(as, method, path.replace('{own}', String(id)), filledIn);
		await client.rest(as, 'DELETE', `/presets/${id}`);
		return answer;
	},
};

const forOthers = refused(
	'makes bookmarks for others, roles and everybody by lists and GraphQL',
	(s) => [
		['owner', 'POST', '/presets', [{ collection: 'events' }, { collection: 'events', user: null }]],
		['owner', 'POST', '/presets', { collection: 'events', role: s.roles['Staff'] }],
		['owner', 'POST', '/presets', { collection: 'events', user: s.persons.owner, role: s.roles['Staff'] }],
		[s.dismissed, 'POST', '/presets', { collection: 'events', user: null }],
		system('owner', CREATE('create_presets_item', '{ collection: "events", user: null }')),
		system('owner', CREATE('create_presets_item', `{ collection: "events", role: { id: "${s.roles['Staff']}" } }`)),
	],
	[400, 403],
);

export const bookmarks: Group[] = [
	{ name: 'bookmarks and layouts of others', attacks: [everybodys, handedOver, forOthers] },
];
