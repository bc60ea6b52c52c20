import type { Row, Table } from './rows.js';
import type { Context, Subject } from './subject.js';

/** A collection of Directus's own whose rows need nothing but themselves. */
export interface Kind {
	collection: Table;
	/** a row that the context is about; `id` where the database gives none */
	row(context: Context): Row;
	/** the text that marks a row */
	mark: string;
	/** what is sent to make one, where it differs from the row */
	data?(context: Context): Row;
	update: () => Row;
}

export function subjectOf({ collection, row, mark, data, update }: Kind): Subject {
	const add = (context: Context) => context.batch.add(collection, row(context));

	return {
		collection,
		target: add,
		creations: (context) => {
			const sent = (data ?? row)(context);
			return [{ data: sent, mark: { [mark]: String(sent[mark]) } }];
		},
		updates: (context) => [{ id: add(context), data: update() }],
		deletions: (context) => [add(context)],
	};
}

/** The person himself where the situation is own. */
export const somebody = ({ situation, person, world }: Context) => (situation === 'own' ? person : world.foreigner);
