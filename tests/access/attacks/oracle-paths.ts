import { alike, nothing, refused, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

/** Some lead back to the users that they come from, which is more than a query may ask (docs/security.md). */
const LED_BACK = [200, 403, 413];

const inUrl = (filter: object) => encodeURIComponent(JSON.stringify(filter));

/** From what everybody may read of Directus's own collections to the users of all organisations. */
const TO_ALL_USERS: [collection: string, filter: (user: object) => object][] = [
	['roles', (user) => ({ children: { users: user } })],
	['roles', (user) => ({ parent: { children: { users: user } } })],
	['roles', (user) => ({ parent: { children: { users: { _some: user } } } })],
	['activity', (user) => ({ user: { role: { parent: { children: { users: user } } } } })],
	['users', (user) => ({ role: { parent: { children: { users: user } } } })],
	['presets', (user) => ({ role: { users: user } })],
	['notifications', (user) => ({ recipient: { role: { users: user } } })],
];

const questions = (s: Setting, user: object): Ask[] =>
	(['marshal', 'owner', s.dismissed] as const).flatMap((caller): Ask[] =>
		TO_ALL_USERS.map(
			([collection, filter]): Ask => [caller, 'GET', `/${collection}?fields=id&filter=${inUrl(filter(user))}`],
		),
	);

const paths: Attack[] = [
	nothing(
		'asks on a path from a role for a user of B by his key and whether he has a name',
		(s) => questions(s, { id: { _eq: s.foreigner }, last_name: { _nnull: true } }),
		LED_BACK,
	),
	nothing(
		'asks on such a path for e-mails of B',
		(s) => questions(s, { id: { _eq: s.stranger }, email: { _contains: '@' } }),
		LED_BACK,
	),
	nothing(
		'counts by the meta data what such a path finds',
		(s) =>
			['roles', 'activity'].map((collection): Ask => {
				const user = { id: { _eq: s.foreigner }, email: { _contains: '@' } };
				const filter = TO_ALL_USERS.find(([name]) => name === collection)?.[1](user) ?? {};
				return ['marshal', 'GET', `/${collection}?limit=0&meta=filter_count&filter=${inUrl(filter)}`];
			}),
		LED_BACK,
	),
	alike('asks on such a path through GraphQL, for somebody of B and for nobody', (s) =>
		[s.foreigner, '00000000-0000-4000-8000-000000000000'].map(
			(user): Ask => [
				'marshal',
				'POST',
				'/graphql/system',
				{ query: `{ roles(filter: {children: {users: {id: {_eq: "${user}"}, email: {_contains: "@"}}}}) { id } }` },
			],
		),
	),
	refused('has the rows of others counted as a field of the answer', () => [
		['marshal', 'GET', '/items/organizations?fields=id,count(users)'],
		['marshal', 'GET', '/items/organizations?fields=n&alias[n]=count(users)'],
		['public', 'GET', '/items/events?fields=id,organization.count(users)'],
		['public', 'GET', '/items/events?fields=count(organization.users)'],
		['owner', 'SEARCH', '/items/entries', { query: { fields: ['count(event.organization.users)'] } }],
		['public', 'GET', '/items/organizations?fields=events.n&deep[events][_alias][n]=count(entries)'],
		['marshal', 'GET', '/items/events?fields=o.n&alias[o]=organization&deep[o][_alias][n]=count(users)'],
		['marshal', 'POST', '/graphql', { query: '{ events { organization { users_func { count } } } }' }],
		['operator', 'SEARCH', '/items/events', { query: { fields: ['organization.count(devices)'] } }],
		['marshal', 'POST', '/graphql', { query: '{ organizations { users_func { count } } }' }],
	]),
	alike('asks by _none who made the entries of a published event of B', (s) =>
		[s.administrators.user, s.foreigner].map(
			(user): Ask => [
				'marshal',
				'GET',
				`/items/events?filter=${inUrl({ id: { _eq: s.foreign.published.event }, entries: { _none: { user_created: { _eq: user } } } })}`,
			],
		),
	),
	nothing(
		'counts trackers of others by all names that a count has',
		(s) =>
			['count]=*', 'count]=id', 'countAll]=*', 'countDistinct]=id'].map(
				(aggregate): Ask => [s.dismissed, 'GET', `/items/devices?aggregate[${aggregate}`],
			),
		[200, 403],
	),
];

export const oraclePaths: Group[] = [{ name: 'paths to hidden users, and other ways to count', attacks: paths }];
