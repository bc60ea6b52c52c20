import { defineHook } from '@directus/extensions-sdk';
import type { EventContext } from '@directus/types';
import { guardCreate, guardUpdate } from './guard.js';
import { checkPresetChange, presetToMake } from './presets.js';

type Payload = Record<string, unknown>;

/**
 * What Directus's permission engine leaves open: for a creation it looks at no row, for an update only at the row as it was.
 * Without this hook everybody who may create in one organisation could do so in all, and move rows from one to another.
 */
export default defineHook(({ filter }, { services }) => {
	filter('items.create', async (payload, { collection }, context: EventContext) => {
		await guardCreate({ ...context, services }, String(collection), payload as Payload);
		return payload;
	});

	filter('items.update', async (payload, { collection, keys }, context: EventContext) => {
		await guardUpdate({ ...context, services }, String(collection), keys as string[], payload as Payload);
		return payload;
	});

	filter('presets.create', (payload, _, { accountability }: EventContext) =>
		presetToMake(accountability, payload as Payload),
	);

	filter('presets.update', (payload, _, { accountability }: EventContext) => {
		checkPresetChange(accountability, payload as Payload);
		return payload;
	});
});
