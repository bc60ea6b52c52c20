import { defineHook } from '@directus/extensions-sdk';
import type { EventContext } from '@directus/types';
import type { Knex } from 'knex';
import { keyOf, parentsFirst, type CopiedClass } from './parents-first.js';

/** By transaction: the parents that an event's new classes were sent with, which have a copy in that event or will have. */
const copiedIn = new WeakMap<Knex, Set<string>>();

/**
 * "Save as Copy" of an event sends its classes with the parents that they have, which are classes of the copied event.
 * What is copied at all stands in `item_duplication_fields` of the snapshot.
 */
export default defineHook(({ filter }) => {
	filter('events.items.create', async (payload, _, { database }: EventContext) => {
		const { classes } = payload as { classes?: CopiedClass[] | { create?: CopiedClass[] } };
		// Directus sends a list, or where the form was changed as well the changes to it.
		const list = Array.isArray(classes) ? classes : classes?.create;
		const copied = Array.isArray(list) ? list : [];
		const parents = copied.flatMap(({ parent }) => keyOf(parent) ?? []);
		if (parents.length === 0) return payload;

		const known = await database('classes').select('id', 'code').whereIn('id', parents);
		const ordered = parentsFirst(copied, known);
		copiedIn.set(database, new Set([...(copiedIn.get(database) ?? []), ...parents]));
		return { ...(payload as object), classes: Array.isArray(classes) ? ordered : { ...classes, create: ordered } };
	});

	// The parent's copy is there already, under the code that it has in both events.
	filter('classes.items.create', async (payload, _, { database }: EventContext) => {
		const { event } = payload as CopiedClass;
		const parent = keyOf((payload as CopiedClass).parent);
		if (typeof event !== 'string' || parent === undefined || !copiedIn.get(database)?.has(parent)) return payload;
		const twin = await database('classes as own')
			.join('classes as former', 'former.code', 'own.code')
			.where({ 'former.id': parent, 'own.event': event })
			.first('own.id');
		return twin === undefined ? payload : { ...(payload as object), parent: twin.id };
	});
});
