import type { Role } from '../roles.js';
import { COLLECTIONS, FIELDS, stepsFrom, type Step } from '../model.js';
import { unanswered, type Ask, type Attack, type Group } from './attack.js';

const CALLERS: Role[] = ['public', 'marshal', 'owner', 'competitor'];
const inUrl = (query: object) => encodeURIComponent(JSON.stringify(query));

/** A way from a collection through its relations, back and forth, that never ends. */
function wayFrom(collection: string, length: number): Step[] {
	const way: Step[] = [];
	for (let at = collection; way.length < length; at = (way.at(-1) as Step).to) {
		const steps = stepsFrom(at).filter(({ to }) => stepsFrom(to).length > 0);
		const step = steps[way.length % steps.length];
		if (step === undefined) break;
		way.push(step);
	}
	return way;
}

const pathOf = (way: Step[]) => [...way.map(({ field }) => field), 'id'];
const nest = (path: string[], condition: object) =>
	path.reduceRight<object>((inner, field) => ({ [field]: inner }), condition);
const select = (path: string[]) =>
	path.reduceRight((inner, field) => (inner === '' ? field : `${field} { ${inner} }`), '');

/** Filters through each list of a collection and each list behind that. */
const throughLists = (collection: string) =>
	stepsFrom(collection).flatMap((first) =>
		stepsFrom(first.to).map((second) => nest([first.field, second.field, 'id'], { _nnull: true })),
	);

type Question = [method: string, path: string, body?: unknown];

/** Questions that cost more than any page of ours asks for, each on every collection. */
const QUESTIONS: Record<string, (collection: string) => Question[]> = {
	'all fields of all that is related, six times': (name) => [
		['GET', `/items/${name}?fields=*.*`],
		['GET', `/items/${name}?fields=*.*.*.*.*.*`],
		['GET', `/items/${name}/11111111-2222-4333-8444-555555555555?fields=*.*.*`],
		['SEARCH', `/items/${name}`, { query: { fields: ['*.*.*', '*'], limit: -1 } }],
		['GET', `/items/${name}?export=json&fields=*.*.*.*.*`],
	],
	'what is related to what is related, and so on': (name) => [
		['GET', `/items/${name}?fields=${pathOf(wayFrom(name, 7)).join('.')}`],
		['GET', `/items/${name}?sort=${pathOf(wayFrom(name, 7)).join('.')}`],
		['GET', `/items/${name}?filter=${inUrl(nest(pathOf(wayFrom(name, 7)), { _nnull: true }))}`],
		['POST', '/graphql', { query: `{ ${name} { ${select(pathOf(wayFrom(name, 7)))} } }` }],
	],
	'filters through ten lists': (name) => [
		['SEARCH', `/items/${name}`, { query: { filter: { _and: times(10, throughLists(name)) } } }],
		['GET', `/items/${name}?aggregate[count]=*&filter=${inUrl({ _or: times(3, throughLists(name)) })}`],
		['GET', `/items/${name}?limit=0&meta=filter_count&filter=${inUrl({ _and: times(3, throughLists(name)) })}`],
	],
	'each item joined with all others': (name) =>
		stepsFrom(name)
			.filter(({ isList, to }) => !isList && to !== name)
			.flatMap((first) =>
				stepsFrom(first.to)
					.filter(({ isList, to }) => isList && to === name)
					.flatMap((back): [string, string, unknown?][] => [
						['GET', `/items/${name}?limit=1&filter=${inUrl(nest([first.field, back.field, 'id'], { _nnull: true }))}`],
						['GET', `/items/${name}?limit=1&sort=${first.field}.${back.field}.id`],
						[
							'GET',
							`/items/${name}?aggregate[count]=*&filter=${inUrl(nest([first.field, back.field, 'id'], { _nnull: true }))}`,
						],
					]),
			),
	'lists side by side': (name) => {
		const lists = stepsFrom(name).filter(({ isList }) => isList);
		const both = lists.slice(0, 2).map(({ field }) => nest([field, 'id'], { _nnull: true }));
		return both.length < 2 ? [] : [['SEARCH', `/items/${name}`, { query: { filter: { _or: both } } }]];
	},
	'all with everything of everything': (name) => [
		['GET', `/items/${name}?limit=-1&fields=${everything(name)},*.*.*`],
		['GET', `/items/${name}?limit=20000&${deepOf(name)}&fields=${pathOf(wayFrom(name, 6)).join('.')}`],
	],
	'the same list under forty names': (name) => [
		['GET', `/items/${name}?fields=${numbered(40, '.id')}&alias=${inUrl(aliases(name, 40))}`],
		['POST', '/graphql', { query: `{ ${name} { ${selections(name, 40)} } }` }],
		['POST', '/graphql', { query: `{ ${Array.from({ length: 40 }, (_, n) => `x${n}: ${name} { id }`).join(' ')} }` }],
	],
	'fragments that double each other': (name) =>
		[12, 24, 40].map((times): Question => ['POST', '/graphql', { query: doubling(name, times) }]),
	'fragments inside one another': (name) =>
		[40, 400, 1_600].map(
			(depth): Question => [
				'POST',
				'/graphql',
				{ query: `{ ${name} { ${`... on ${name} { `.repeat(depth)} id ${'}'.repeat(depth)} } }` },
			],
		),
	'thousands of names in one list': (name) => [
		['SEARCH', `/items/${name}`, { query: { fields: ['id'], sort: times(9_000, ['id']) } }],
		['SEARCH', `/items/${name}`, { query: { fields: times(9_000, ['id']).join(',') } }],
		['SEARCH', `/items/${name}`, { query: { groupBy: times(9_000, ['id']), aggregate: { count: ['id'] } } }],
		['SEARCH', `/items/${name}`, { query: { aggregate: { count: times(9_000, ['id']) } } }],
		['SEARCH', `/items/${name}`, { query: { alias: aliases(name, 2_000) } }],
		['SEARCH', `/items/${name}`, { query: { deep: aliases(name, 2_000) } }],
		[
			'POST',
			'/graphql',
			{ query: `query ($s: [String]) { ${name}(sort: $s) { id } }`, variables: { s: times(9_000, ['id']) } },
		],
	],
	'bodies nested past all use': (name) => [
		['SEARCH', `/items/${name}`, nestedBody(20_000)],
		['SEARCH', `/items/${name}`, nestedBody(200_000)],
		['POST', `/items/${name}`, nestedBody(200_000)],
	],
	'many conditions about items of lists': (name) => {
		const list = stepsFrom(name).find(({ isList }) => isList);
		const condition = list && nest([list.field, 'id'], { _nnull: true });
		return list ? [['SEARCH', `/items/${name}`, { query: { filter: { _or: times(60, [condition]) } } }]] : [];
	},
	'thousands of conditions': (name) => [
		['SEARCH', `/items/${name}`, { query: { filter: { _or: times(2_000, [{ id: { _nnull: true } }]) } } }],
		['SEARCH', `/items/${name}`, { query: { filter: { id: { _in: times(25_000, ['x']) } } } }],
	],
};

/** 2 to the power of so many fields, written out. */
const doubling = (name: string, count: number) =>
	[
		`{ ${name} { ...f${count} } } fragment f0 on ${name} { id }`,
		...Array.from({ length: count }, (_, n) => `fragment f${n + 1} on ${name} { ...f${n} ...f${n} }`),
	].join(' ');
const nestedBody = (depth: number) => `{"query":{"filter":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
const times = <Item>(count: number, items: Item[]) => Array.from({ length: count }, () => items).flat();
const listOf = (name: string) => stepsFrom(name)[0]?.field ?? 'id';
const everything = (name: string) =>
	[
		'*',
		...stepsFrom(name).flatMap((step) =>
			(FIELDS[step.to] ?? [{ field: 'id' }]).map(({ field }) => `${step.field}.${field}`),
		),
	].join(',');
const deepOf = (name: string) =>
	`deep=${inUrl(Object.fromEntries(stepsFrom(name).map(({ field }) => [field, { _limit: 20_000 }])))}`;
const numbered = (count: number, rest: string) => Array.from({ length: count }, (_, n) => `x${n}${rest}`).join(',');
const aliases = (name: string, count: number) =>
	Object.fromEntries(Array.from({ length: count }, (_, n) => [`x${n}`, listOf(name)]));
const selections = (name: string, count: number) =>
	Array.from({ length: count }, (_, n) => `x${n}: ${listOf(name)} { id }`).join(' ');

const attacks: Attack[] = COLLECTIONS.flatMap((name) =>
	Object.entries(QUESTIONS)
		.filter(([, asked]) => asked(name).length > 0)
		.map(([what, asked]) =>
			unanswered(`asks ${name} for ${what}`, () =>
				CALLERS.flatMap((caller) => asked(name).map(([method, path, body]): Ask => [caller, method, path, body])),
			),
		),
);

export const cost: Group[] = [{ name: 'questions that cost too much, of each collection', attacks }];
