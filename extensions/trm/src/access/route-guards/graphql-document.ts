import { Kind, parse, type ASTNode, type DocumentNode, type FragmentDefinitionNode, type SelectionNode } from 'graphql';

/** What a GraphQL document asks for, whatever it is about. */
export interface DocumentSize {
	/** the names of the fields at the top of all operations, each as often as it is asked for */
	top: string[];
	/** fields, with those of each fragment as often as it is used: Directus writes them all out */
	fields: number;
	/** selections inside one another */
	nested: number;
	/** what Directus fails on: an alias that every object of JavaScript has already, or a fragment on no type */
	odd: string | undefined;
}

/** Stands for more than any limit. */
const ENDLESS = 1_000_000;

interface Part {
	top: string[];
	fields: number;
	nested: number;
}

/** @returns undefined for a text that Directus refuses. */
export function measureDocument(text: unknown, maxTokens: number): DocumentSize | undefined {
	if (typeof text !== 'string') return undefined;

	try {
		return sizeOf(parse(text, { noLocation: true, maxTokens }));
	} catch (error) {
		// Nested past what the stack holds.
		if (error instanceof RangeError) return { top: [], fields: ENDLESS, nested: ENDLESS, odd: undefined };
		return undefined;
	}
}

function sizeOf({ definitions }: DocumentNode): DocumentSize {
	const fragments = new Map<string, FragmentDefinitionNode>();
	for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);

	// Each is measured once, however often it is used; while it is measured, one that uses itself is endless.
	const measured = new Map<string, Part>();
	const ofFragment = (name: string): Part => {
		const known = measured.get(name);
		if (known !== undefined) return known;
		measured.set(name, { top: [], fields: ENDLESS, nested: ENDLESS });
		const part = together(fragments.get(name)?.selectionSet.selections ?? []);
		measured.set(name, part);
		return part;
	};

	const together = (selections: readonly SelectionNode[]): Part => {
		const parts = selections.map(ofSelection);
		return {
			// As many as matter.
			top: parts.flatMap(({ top }) => top).slice(0, 1_000),
			fields: Math.min(
				ENDLESS,
				parts.reduce((sum, { fields }) => sum + fields, 0),
			),
			nested: 1 + Math.max(0, ...parts.map(({ nested }) => nested)),
		};
	};

	const ofSelection = (selection: SelectionNode): Part => {
		if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
		if (selection.kind === Kind.INLINE_FRAGMENT) return together(selection.selectionSet.selections);
		const inner = together(selection.selectionSet?.selections ?? []);
		return { top: [selection.name.value], fields: 1 + inner.fields, nested: inner.nested };
	};

	const parts = definitions.flatMap((one) =>
		one.kind === Kind.OPERATION_DEFINITION ? [together(one.selectionSet.selections)] : [],
	);
	// One that no operation uses is looked at all the same.
	const unused = [...fragments.keys()].map(ofFragment);

	return {
		top: parts.flatMap(({ top }) => top),
		fields: Math.max(
			...unused.map(({ fields }) => fields),
			parts.reduce((sum, { fields }) => sum + fields, 0),
		),
		nested: Math.max(...[...parts, ...unused].map(({ nested }) => nested)),
		odd: oddIn(definitions),
	};
}

function oddIn(definitions: readonly ASTNode[]): string | undefined {
	const open = [...definitions];

	for (let node = open.pop(); node !== undefined; node = open.pop()) {
		if (node.kind === Kind.FIELD && node.alias && node.alias.value in {}) return node.alias.value;
		if (node.kind === Kind.INLINE_FRAGMENT && !node.typeCondition) return '...';
		if ('selectionSet' in node && node.selectionSet) open.push(...node.selectionSet.selections);
	}

	return undefined;
}
