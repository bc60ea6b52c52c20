import { Kind, parse, type DocumentNode, type SelectionNode } from 'graphql';

/**
 * @returns the names of the fields at the top of all operations in a GraphQL document, each as often as it is asked for; undefined for a
 * text that Directus refuses.
 */
export function topFields(text: unknown, maxTokens: number): string[] | undefined {
	if (typeof text !== 'string') return undefined;

	try {
		return fieldsIn(parse(text, { noLocation: true, maxTokens }));
	} catch {
		return undefined;
	}
}

function fieldsIn({ definitions }: DocumentNode): string[] {
	const fragments = new Map(
		definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
	);
	const seen = new Set<string>();

	const namesIn = (selections: readonly SelectionNode[]): string[] =>
		selections.flatMap((selection) => {
			if (selection.kind === Kind.FIELD) return [selection.name.value];
			if (selection.kind === Kind.INLINE_FRAGMENT) return namesIn(selection.selectionSet.selections);

			const { value } = selection.name;
			if (seen.has(value)) return [];
			seen.add(value);
			return namesIn(fragments.get(value)?.selectionSet.selections ?? []);
		});

	return definitions.flatMap((one) =>
		one.kind === Kind.OPERATION_DEFINITION ? namesIn(one.selectionSet.selections) : [],
	);
}
