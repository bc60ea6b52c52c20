import { defineHook } from '@directus/extensions-sdk';
import type { EventContext } from '@directus/types';
import type { Application } from 'express';
import { permissionsOf } from '../shared/held-permissions.js';
import { route } from '../shared/route.js';
import { guardCreate, guardUpdate } from './guard.js';
import { OutsideView } from './outside-view.js';
import { checkKey, checkRelated } from './payload.js';
import { checkPresetChange, presetToMake } from './presets.js';
import { lookAgain, noteAllowed, type Activity, type OpenWrites } from './second-look.js';

type Payload = Record<string, unknown>;

/**
 * What Directus's permission engine leaves open: for a creation it looks at no row, for an update only at the row as it was.
 * Without this hook everybody who may create in one organisation could do so in all, and move rows from one to another.
 */
export default defineHook(({ filter, action, init }, { services, database }) => {
	const open: OpenWrites = new Map();
	const outside = new OutsideView(database);

	init('routes.before', ({ app }) => {
		(app as Application).use(
			route(async ({ accountability, method }, response, next) => {
				if (accountability?.user && accountability.admin !== true && !['GET', 'SEARCH'].includes(method)) {
					open.set(accountability, new Map());
					response.once('close', () => open.delete(accountability));
				}
				next();
			}),
		);
	});

	action('server.stop', () => outside.close());

	for (const name of ['create', 'update'] as const) {
		filter(`*.${name}`, (payload, { collection, keys }, { schema, accountability }: EventContext) => {
			if (schema === null) return payload;
			const written = { schema, accountability, collection: String(collection), keys: keys as string[] | undefined };
			checkKey(written, payload as Payload);
			checkRelated(written, payload as Payload);
			return payload;
		});
	}

	filter('items.create', async (payload, { collection }, context: EventContext) => {
		await guardCreate({ ...context, services }, String(collection), payload as Payload);
		return payload;
	});

	filter('items.update', async (payload, { collection, keys }, context: EventContext) => {
		await guardUpdate({ ...context, services }, String(collection), keys as string[], payload as Payload);
		await note('update', String(collection), keys as string[], Object.keys(payload as Payload), context);
		return payload;
	});

	filter('items.delete', async (keys, { collection }, context: EventContext) => {
		await note('delete', String(collection), keys as string[], [], context);
		return keys;
	});

	filter('activity.create', async (payload, _, { schema }: EventContext) => {
		if (schema !== null) await lookAgain(open, { services, schema, outside }, payload as Activity);
		return payload;
	});

	async function note(
		name: 'update' | 'delete',
		collection: string,
		keys: string[],
		fields: string[],
		{ accountability, database: session }: EventContext,
	): Promise<void> {
		if (accountability === null || !open.has(accountability)) return;
		const held = await permissionsOf(session, accountability, name, collection);
		noteAllowed(open, accountability, `${name} ${collection}`, { keys, fields, held });
	}

	filter('presets.create', (payload, _, { accountability }: EventContext) =>
		presetToMake(accountability, payload as Payload),
	);

	filter('presets.update', (payload, _, { accountability }: EventContext) => {
		checkPresetChange(accountability, payload as Payload);
		return payload;
	});
});
