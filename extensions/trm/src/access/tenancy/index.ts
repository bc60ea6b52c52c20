import { defineHook } from '@directus/extensions-sdk';
import type { EventContext } from '@directus/types';
import { byKey, stamp, stampMemberships } from './stamp.js';

type Row = Record<string, unknown>;

/** Before all other hooks: they and Directus look at the row as it will be. */
export default defineHook(({ filter }) => {
	filter('items.create', (payload, { collection }, { database }: EventContext) =>
		stamp(database, String(collection), byKey(payload as Row), null),
	);

	filter('items.update', (payload, { collection, keys }, { database, accountability }: EventContext) => {
		const row = byKey(payload as Row);
		const isMembers = collection === 'organization_users' && accountability !== null && accountability.admin !== true;
		return isMembers
			? stampMemberships(database, keys as unknown[], row)
			: stamp(database, String(collection), row, keys as unknown[]);
	});
});
