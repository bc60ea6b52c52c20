import { STEPS, type Step } from '../model.js';
import { restPath } from '../subject.js';
import { unanswered, type Ask, type Attack, type Group } from './attack.js';

/** Spellings of a relation that Directus takes, or took, for more than its name. */
const spellingsOf = ({ field, to }: Step) => [
	`${field}:${to}`,
	`${field}:directus_users`,
	`${field}:__proto__`,
	`${field}:`,
	`$FOLLOW(${field},${to})`,
	`count(${field}.id)`,
	`json(${field},a.b)`,
	`${field}->id`,
];

const inUrl = (query: object) => encodeURIComponent(JSON.stringify(query));
const behind = (part: string) => ({ [part]: { id: { _nnull: true } } });

/** Each part of a query that takes paths, each way to send it. */
const PARTS: Record<string, (at: string, part: string) => [method: string, path: string, body?: unknown][]> = {
	filter: (at, part) => [
		['GET', `${at}?filter=${inUrl(behind(part))}`],
		['GET', `${at}?filter=${inUrl({ _or: [{ _and: [behind(part)] }] })}`],
		['SEARCH', at, { query: { filter: behind(part) } }],
		['GET', `${at}?limit=0&meta=filter_count&filter=${inUrl(behind(part))}`],
		['GET', `${at}?export=csv&filter=${inUrl(behind(part))}`],
		['GET', `${at}?aggregate[count]=*&filter=${inUrl(behind(part))}`],
	],
	sort: (at, part) => [
		['GET', `${at}?sort=${encodeURIComponent(`-${part}.id`)}`],
		['SEARCH', at, { query: { sort: [part] } }],
	],
	groups: (at, part) => [
		['GET', `${at}?groupBy[]=${encodeURIComponent(part)}`],
		['SEARCH', at, { query: { aggregate: { max: [part], countDistinct: [`${part}.id`] } } }],
	],
	deep: (at, part) => [
		['SEARCH', at, { query: { deep: { [part]: { _filter: { id: { _nnull: true } } } } } }],
		['SEARCH', at, { query: { fields: [`${part}.id`], deep: { [part]: { _sort: ['id'] } } } }],
	],
	fields: (at, part) => [
		['GET', `${at}?fields[]=${encodeURIComponent(`${part}.id`)}`],
		['GET', `${at}?fields=x.id&alias=${inUrl({ x: part })}`],
	],
};

/** Input types of GraphQL take names only; texts it passes on. */
const byGraphql = ({ from }: Step, part: string): [string, string, unknown][] => {
	const isOfDirectus = from.startsWith('directus_');
	const name = from.replace(/^directus_/, '');
	const text = JSON.stringify(part);
	const queries = [
		`{ ${name}(sort: [${text}]) { id } }`,
		`{ ${name}_aggregated(groupBy: [${text}]) { countDistinct { id } } }`,
	];

	return queries.map((query) => ['POST', isOfDirectus ? '/graphql/system' : '/graphql', { query }]);
};

const CALLERS = ['public', 'marshal', 'owner', 'competitor', 'processor'] as const;

const asksOf = (step: Step, part: keyof typeof PARTS): Ask[] =>
	spellingsOf(step).flatMap((spelling, nth) =>
		[
			...(PARTS[part]?.(restPath(step.from), spelling) ?? []),
			...(part === 'sort' ? byGraphql(step, spelling) : []),
		].map(
			([method, path, body], index): Ask => [CALLERS[(nth + index) % CALLERS.length] as 'owner', method, path, body],
		),
	);

const attacks: Attack[] = STEPS.flatMap((step) =>
	Object.keys(PARTS).map((part) =>
		unanswered(`spells ${step.from}.${step.field} in ${part} as it may not be spelled`, () => asksOf(step, part)),
	),
);

export const scopes: Group[] = [{ name: 'collection scopes and other spellings of each relation', attacks }];
