import { harmless, type Ask, type Attack, type Group } from './attack.js';

const ODD = [
	'/items/events?aggregate[max]=year(start_date)',
	'/items/events?aggregate[min]=classes',
	'/items/events?groupBy=classes',
	'/items/events?groupBy=name&sort=start_date&aggregate[countDistinct]=id',
	'/items/events?fields=year()',
	'/items/events?fields=count()',
	'/items/events?fields=()',
	'/items/events?fields=entries.id&deep[entries][_aggregate][count]=*',
	'/items/events?fields=entries.id&deep[entries][_group][]=status',
	'/items/events?filter={"name":{"_icontains":null}}',
	'/items/events?filter={"name":{"_icontains":5}}',
	'/items/events?filter={"name":{"_istarts_with":{}}}',
	'/items/events?filter={"name":{"_some":null}}',
	'/items/events?filter={"entries":{"_none":null}}',
	'/items/events?filter={"start_date":{"_gt":"$NOW(-9999999999 years)"}}',
	'/items/events?sort=__proto__',
	'/items/events?fields=__proto__',
	'/items/events?groupBy=constructor',
	'/items/events?filter={"constructor":{"_eq":1}}',
	'/items/events?alias[x]=toString&fields=x',
	'/items/events?fields=count(.)',
	'/items/entries?fields=count(vehicle.entries)',
	'/items/events?fields=organization:__proto__',
	'/items/events?sort=name:events',
	'/items/vehicles?aggregate[max]=plate:vehicles',
	'/items/events?groupBy=year(start_date)&aggregate[count]=*&sort=-year(start_date)',
	'/items/events?groupBy=status&aggregate[count]=*&sort=-status',
	'/items/events?deep={"entries":{"_filter":"{"}}&fields=entries.id',
	'/items/events?deep={"entries":{"_filter":{"team":{"_eq":"$CURRENT_USER.email"}}}}&fields=entries.id',
	'/items/entries?filter={"race_number":{"_between":[1]}}',
];

/** None of these has a meaning, and each made Directus stumble. */
const questions: Attack[] = ODD.map((path) =>
	harmless(
		`asks ${path}`,
		() => (['public', 'marshal'] as const).map((caller): Ask => [caller, 'GET', encodeURI(path)]),
		[200, 400, 403],
	),
);

export const payloadQuestions: Group[] = [{ name: 'questions without a meaning', attacks: questions }];
