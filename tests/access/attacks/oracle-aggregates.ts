import type { Role } from '../roles.js';
import { alike, nothing, refused, type Ask, type Attack, type Group } from './attack.js';

const AGGREGATED = [
	'organization_users',
	'organization_devices',
	'devices',
	'entry_crew',
	'entry_devices',
	'position_flags',
];

const aggregates: Attack[] = [
	...AGGREGATED.map((collection) =>
		nothing(
			`without a membership, counts the ${collection} of others and takes the smallest`,
			(s) => [
				['public', 'GET', `/items/${collection}?aggregate[count]=*`],
				[s.dismissed, 'GET', `/items/${collection}?aggregate[count]=*&aggregate[countDistinct]=id`],
				[s.dismissed, 'SEARCH', `/items/${collection}`, { query: { aggregate: { min: ['id'], max: ['id'] } } }],
				['marshal', 'GET', `/items/${collection}?aggregate[count]=id&filter[id][_eq]=${s.foreign.draft.flag}`],
			],
			[200, 400, 403],
		),
	),
	refused('takes the smallest and largest of hidden columns', () => [
		['public', 'GET', '/items/vehicles?aggregate[min]=plate'],
		['public', 'GET', '/items/vehicles?aggregate[max]=vin'],
		['marshal', 'GET', '/users?aggregate[min]=token'],
		['processor', 'GET', '/items/devices?aggregate[max]=phone'],
		['public', 'GET', '/items/events?aggregate[max]=date_created'],
	]),
	refused('groups by hidden columns', () => [
		['public', 'GET', '/items/vehicles?groupBy=plate&aggregate[count]=*'],
		['public', 'GET', '/items/events?groupBy=user_created&aggregate[count]=*'],
	]),
	nothing('counts rows of B by a filter on them', (s) =>
		(
			[
				['events', s.foreign.draft.event],
				['classes', s.foreign.draft.class],
				['entries', s.foreign.draft.entry],
				['vehicles', s.foreign.draft.vehicle],
				['devices', s.foreign.draft.device],
				['organizations', s.quiet],
			] as const
		).map(([collection, id]): Ask => ['owner', 'GET', `/items/${collection}?aggregate[count]=*&filter[id][_eq]=${id}`]),
	),
	nothing('counts what a filter finds, by the meta data', (s) => [
		['owner', 'GET', `/items/events?limit=0&meta=filter_count&filter[organization][_eq]=${s.quiet}`],
	]),
	alike('counts all rows by the meta data, of collections with and without rows of B', () =>
		['owner', 'race_director'].map((role): Ask => [role as Role, 'GET', '/items/organizations?limit=0&meta=*']),
	),
];

export const oracleAggregates: Group[] = [{ name: 'counting and comparing hidden rows', attacks: aggregates }];
