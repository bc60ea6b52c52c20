import { COLLECTIONS, FIELDS } from '../model.js';
import { harmless, type Ask, type Attack, type Group } from './attack.js';

const AGGREGATES = ['count', 'countDistinct', 'avg', 'avgDistinct', 'sum', 'sumDistinct', 'min', 'max'];
const FUNCTIONS = ['year', 'hour', 'count'];
const CONDITIONS = [
	['_eq', 'x'],
	['_in', 'x,1'],
	['_gt', '5'],
	['_between', '1,2'],
	['_contains', 'x'],
	['_icontains', 'x'],
	['_empty', 'true'],
	['_intersects', '{}'],
] as const;

/** What somebody may ask of a field without thinking of its type: answered, or refused as what it is. */
const questionsOf = (field: string): Record<string, string[]> => ({
	aggregates: AGGREGATES.map((name) => `aggregate[${name}]=${field}`),
	groups: [`groupBy=${field}`, `groupBy=${field}&aggregate[count]=*&sort=-${field}`],
	sorts: [`sort=${field}`, `sort=-${field}&search=x`],
	conditions: CONDITIONS.map(([operator, value]) => `filter[${field}][${operator}]=${encodeURIComponent(value)}`),
	functions: FUNCTIONS.flatMap((name) => [
		`fields=${name}(${field})`,
		`sort=${name}(${field})`,
		`groupBy=${name}(${field})&aggregate[count]=*&sort=-${name}(${field})`,
		`filter[${name}(${field})][_gt]=1`,
	]),
});

const attacks: Attack[] = COLLECTIONS.flatMap((collection) =>
	Object.keys(questionsOf('id')).map((kind) =>
		harmless(
			`asks ${collection} by ${kind} of each field, whatever its type`,
			() =>
				(FIELDS[collection] ?? []).flatMap(({ field }) =>
					(questionsOf(field)[kind] ?? []).map(
						(query): Ask => ['owner', 'GET', `/items/${collection}?limit=1&${query}`],
					),
				),
			[200, 400, 403, 413],
		),
	),
);

export const readings: Group[] = [{ name: 'ordinary questions of each field', attacks }];
