import { defineHook } from '@directus/extensions-sdk';
import type { EventContext } from '@directus/types';
import { byKey, stamp, stampMemberships } from './stamp.js';

/** Before all other hooks: they and Directus look at the row as it will be. */
export default defineHook(({ filter }) => {
	for (const action of ['create', 'update'] as const) {
		filter(`items.${action}`, (payload, { collection, keys }, { database }: EventContext) =>
			stamp(
				database,
				String(collection),
				byKey(payload as Record<string, unknown>),
				(keys as unknown[] | undefined) ?? null,
			),
		);
	}

	filter('organization_users.items.update', (payload, { keys }, { database, accountability }: EventContext) =>
		accountability === null || accountability.admin === true
			? payload
			: stampMemberships(database, keys as unknown[], payload as Record<string, unknown>),
	);
});
