import {
	allows,
	isAnything,
	alternatives,
	LOWER_BOUNDS,
	unknownConstraints,
	UPPER_BOUNDS,
	valuesOf,
	type JsonSchema,
} from './json-schema.js';

/** `path: what is wrong`, the path as in `data.row.kind`. */
export type Finding = string;

/**
 * What a consumer that knows only the published schema would stumble over: every event that the current one allows has to be
 * valid under the published one, and what that one describes has to be there still.
 * Refused: a property that is gone or no longer required, a wider type, null, a new value of a closed enumeration, a known
 * value of an open one that is gone, a changed pattern or format, a wider bound. Allowed: anything narrower, new properties of a loose object, and new values of an
 * open enumeration (one that has a plain `string` beside its known values).
 */
export function breaksConsumers(published: JsonSchema, current: JsonSchema): Finding[] {
	return widenings(current, published, { path: 'data', mayLack: false });
}

/**
 * Which events that were written under the published schema the current one would refuse. Streams and outboxes hold them for as long as
 * they are retained, under the same version: a new property has to be optional, and nothing may become narrower.
 */
export function refusesHistory(published: JsonSchema, current: JsonSchema): Finding[] {
	return widenings(published, current, { path: 'data', mayLack: true });
}

interface Place {
	path: string;
	/** Whether the narrow side may lack a property that the wide one has as an optional one. */
	mayLack: boolean;
}

/** Where `narrow` allows what `wide` does not. */
function widenings(narrow: JsonSchema, wide: JsonSchema, place: Place): Finding[] {
	const accepting = alternatives(wide);
	const forgotten = place.mayLack ? [] : forgottenValues(alternatives(narrow), accepting, place.path);

	const wider = alternatives(narrow).flatMap((each) => {
		const attempts = accepting.map((other) => compareOne(each, other, place));
		if (attempts.some((findings) => findings.length === 0)) return [];
		const sameType = accepting.findIndex((other) => other.type === each.type);
		const closest = attempts[sameType];
		return closest ?? [`${place.path}: ${describe(each)} is not ${accepting.map(describe).join(' or ')}`];
	});

	return [...forgotten, ...wider];
}

/** A known value of an open enumeration that is known no more: most likely it has another name, which consumers do not match. */
function forgottenValues(now: JsonSchema[], before: JsonSchema[], path: string): Finding[] {
	const isOpen = before.some((each) => each.type === 'string' && valuesOf(each) === null);
	if (!isOpen) return [];
	const known = new Set(now.flatMap((each) => valuesOf(each) ?? []));
	const values = before.flatMap((each) => valuesOf(each) ?? []);
	return values
		.filter((value) => !known.has(value))
		.map((value) => `${path}: ${JSON.stringify(value)} is no longer a known value`);
}

function compareOne(narrow: JsonSchema, wide: JsonSchema, place: Place): Finding[] {
	const { path } = place;
	if (isAnything(wide)) return [];

	if (unknownConstraints(narrow) !== unknownConstraints(wide)) {
		return [`${path}: a keyword differs whose meaning is not compared: ${unknownConstraints(narrow)}`];
	}

	const values = valuesOf(narrow);
	if (values)
		return values
			.filter((value) => !allows(wide, value))
			.map((value) => `${path}: ${JSON.stringify(value)} is not ${describe(wide)}`);
	if (valuesOf(wide)) return [`${path}: ${describe(narrow)} is not ${describe(wide)}`];

	if (wide.type !== undefined && narrow.type !== wide.type && !(narrow.type === 'integer' && wide.type === 'number')) {
		return [`${path}: ${describe(narrow)} is not ${describe(wide)}`];
	}

	return [
		...compareTexts(narrow, wide, path),
		...compareBounds(narrow, wide, path),
		...compareProperties(narrow, wide, place),
		...compareItems(narrow, wide, place),
	];
}

/** Whether one pattern allows less than another nobody decides here: it is the same, or there was none. */
function compareTexts(narrow: JsonSchema, wide: JsonSchema, path: string): Finding[] {
	return (['pattern', 'format'] as const)
		.filter((keyword) => wide[keyword] !== undefined && wide[keyword] !== narrow[keyword])
		.map((keyword) => `${path}: ${keyword} ${narrow[keyword] ?? 'none'} is not ${wide[keyword]}`);
}

function compareBounds(narrow: JsonSchema, wide: JsonSchema, path: string): Finding[] {
	const lower = LOWER_BOUNDS.filter((bound) => (narrow[bound] ?? -Infinity) < (wide[bound] ?? -Infinity));
	const upper = UPPER_BOUNDS.filter((bound) => (narrow[bound] ?? Infinity) > (wide[bound] ?? Infinity));
	return [...lower, ...upper].map(
		(bound) => `${path}: ${bound} ${narrow[bound] ?? 'none'} is wider than ${wide[bound]}`,
	);
}

function compareProperties(narrow: JsonSchema, wide: JsonSchema, place: Place): Finding[] {
	const findings: Finding[] = [];
	const given = narrow.properties ?? {};
	const known = wide.properties ?? {};
	const always = new Set(narrow.required);
	const others = wide.additionalProperties ?? {};

	for (const [name, schema] of Object.entries(known)) {
		const at = { ...place, path: `${place.path}.${name}` };
		const isRequired = wide.required?.includes(name) ?? false;
		const own = given[name];

		if (own === undefined) {
			if (isRequired || !place.mayLack) findings.push(`${at.path}: is not there`);
		} else {
			if (isRequired && !always.has(name)) findings.push(`${at.path}: may be left out`);
			findings.push(...widenings(own, schema, at));
		}
	}

	for (const [name, schema] of Object.entries(given)) {
		if (name in known || others === true) continue;
		const path = `${place.path}.${name}`;
		if (others === false) findings.push(`${path}: no further properties are allowed`);
		else findings.push(...widenings(schema, others, { ...place, path }));
	}

	return [...findings, ...compareOthers(narrow.additionalProperties ?? {}, others, place)];
}

function compareOthers(narrow: JsonSchema | boolean, wide: JsonSchema | boolean, place: Place): Finding[] {
	if (narrow === false || wide === true) return [];
	if (wide === false) return [`${place.path}: further properties may be there`];
	return widenings(narrow === true ? {} : narrow, wide, { ...place, path: `${place.path}.*` });
}

function compareItems(narrow: JsonSchema, wide: JsonSchema, place: Place): Finding[] {
	if (wide.items === undefined) return [];
	return widenings(narrow.items ?? {}, wide.items, { ...place, path: `${place.path}[]` });
}

function describe(schema: JsonSchema): string {
	const values = valuesOf(schema);
	if (values) return `one of ${JSON.stringify(values)}`;
	return schema.type ?? 'any value';
}
