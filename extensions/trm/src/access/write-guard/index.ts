import { defineHook } from '@directus/extensions-sdk';
import type { Accountability, EventContext } from '@directus/types';
import type { Application, Request } from 'express';
import { isBelow, segmentsOf } from '../../lib/request-path.js';
import { route } from '../../lib/route.js';
import { tellAlike } from './alike-refusals.js';
import { guardReferences } from './guard.js';
import { OutsideView } from './outside-view.js';
import { checkKey, checkRelated, checkSizes, withoutBlankTexts } from './payload.js';
import { checkComment } from './comments.js';
import { checkPresetChange, checkPresetQuota, presetToMake } from './presets.js';
import { lookAgain, OpenWrites, type Activity } from './second-look.js';

/** A query of GraphQL comes by POST too. */
const isWrite = ({ method, path, body }: Pick<Request, 'method' | 'path' | 'body'>) =>
	['POST', 'PATCH', 'DELETE'].includes(method) &&
	(!isBelow(segmentsOf({ path }), 'graphql') || /\bmutation\b/.test(String(body?.query)));

type Payload = Record<string, unknown>;

/**
 * What Directus's permission engine leaves open: for a creation it looks at no row, for an update only at the row as it was.
 * Without this hook everybody who may create in one organisation could do so in all, and move rows from one to another.
 */
export default defineHook(({ filter, action, init }, { services, database }) => {
	const open = new OpenWrites();
	const outside = new OutsideView(database);

	init('routes.before', ({ app }) => {
		(app as Application).use(
			route(async (request, response, next) => {
				const { accountability } = request;
				const user = accountability?.admin === true ? null : accountability?.user;
				if (user && isWrite(request)) {
					open.begin(user);
					response.once('close', () => open.end(user));
					tellAlike(response);
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
			checkSizes(written, payload as Payload);
			return withoutBlankTexts(written, payload as Payload);
		});
	}

	filter('items.create', async (payload, { collection }, context: EventContext) => {
		await guardReferences({ ...context, services }, 'create', String(collection), payload as Payload);
		const { accountability } = context;
		if (isNoted(accountability)) open.noteCreation(accountability, String(collection));
		return payload;
	});

	filter('items.update', async (payload, { collection, keys }, context: EventContext) => {
		await guardReferences({ ...context, services }, 'update', String(collection), payload as Payload);
		note('update', String(collection), keys as string[], Object.keys(payload as Payload), context);
		return payload;
	});

	filter('items.delete', (keys, { collection }, context: EventContext) => {
		note('delete', String(collection), keys as string[], [], context);
		return keys;
	});

	filter('activity.create', async (payload, _, { schema, database: session }: EventContext) => {
		if (schema !== null) await lookAgain(open, { services, schema, outside }, session, payload as Activity);
		return payload;
	});

	/** Of a request by somebody who is no administrator. */
	function isNoted(caller: Accountability | null): caller is Accountability {
		return caller !== null && caller.admin !== true && open.has(caller.user);
	}

	function note(
		name: 'update' | 'delete',
		collection: string,
		keys: string[],
		fields: string[],
		{ accountability }: EventContext,
	): void {
		if (isNoted(accountability))
			open.note(String(accountability.user), `${name} ${collection}`, { caller: accountability, keys, fields });
	}

	for (const name of ['create', 'update'] as const) {
		filter(`comments.${name}`, (payload, _, { accountability }: EventContext) => {
			checkComment(accountability, payload as Payload);
			return payload;
		});
	}

	filter('presets.create', async (payload, _, { accountability, database: session }: EventContext) => {
		await checkPresetQuota(accountability, session);
		return presetToMake(accountability, payload as Payload);
	});

	filter('presets.update', (payload, _, { accountability }: EventContext) => {
		checkPresetChange(accountability, payload as Payload);
		return payload;
	});
});
