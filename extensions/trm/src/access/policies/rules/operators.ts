/** Which operators Directus's database takes for a field's type: what its `getFilterOperatorsForType` says, which is in no package of the bundle's. */
const NULLS = ['_null', '_nnull'];
const EQUALITY = ['_eq', '_neq', '_in', '_nin', ...NULLS];
const ORDER = [...EQUALITY, '_lt', '_lte', '_gt', '_gte', '_between', '_nbetween'];
const EMPTINESS = ['_empty', '_nempty', ...NULLS];
const PARTS = [
	'_contains',
	'_ncontains',
	'_icontains',
	'_starts_with',
	'_nstarts_with',
	'_istarts_with',
	'_nistarts_with',
];
const TEXT = [...EQUALITY, ...EMPTINESS, ...PARTS, '_ends_with', '_nends_with', '_iends_with', '_niends_with'];
const GEOMETRY = ['_eq', '_neq', ...NULLS, '_intersects', '_nintersects', '_intersects_bbox', '_nintersects_bbox'];

const OPERATORS: Record<string, string[]> = {
	binary: TEXT,
	string: TEXT,
	text: TEXT,
	csv: TEXT,
	hash: EMPTINESS,
	uuid: EQUALITY,
	json: NULLS,
	boolean: ['_eq', '_neq', ...NULLS],
	bigInteger: ORDER,
	integer: ORDER,
	decimal: ORDER,
	float: ORDER,
	dateTime: ORDER,
	date: ORDER,
	time: ORDER,
	geometry: GEOMETRY,
};

/** Of what Directus does not name, such as `timestamp` and `geometry.Point`. */
const OTHERS = [...ORDER, '_contains', '_ncontains', '_empty', '_nempty'];

export const operatorsFor = (type: string): string[] => OPERATORS[type] ?? OTHERS;

/** Of a validation, which looks at the payload and not at the database. */
export const PAYLOAD_OPERATORS = ['_regex', '_submitted', '_required'];

export const isKnownOperator = (name: string) =>
	[...Object.values(OPERATORS).flat(), ...OTHERS, ...PAYLOAD_OPERATORS].includes(name);

/** Functions over a field, by its type; all give whole numbers. */
export function functionsFor(type: string, isList: boolean): string[] {
	if (isList || type === 'json') return ['count'];
	if (type === 'date') return ['year', 'month', 'week', 'day', 'weekday'];
	if (type === 'time') return ['hour', 'minute', 'second'];
	if (type === 'dateTime' || type === 'timestamp')
		return ['year', 'month', 'week', 'day', 'weekday', 'hour', 'minute', 'second'];
	return [];
}
