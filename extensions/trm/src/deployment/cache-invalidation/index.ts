import { defineHook } from '@directus/extensions-sdk';
import { administrator } from '../../access/administrator.js';
import { CacheInvalidationListener } from './listener.js';

/** Rights and collections that change on one replica, by a command or by SQL hold on all of them at once. */
export default defineHook(({ action }, { database, logger, services, getSchema }) => {
	let listener: CacheInvalidationListener | null = null;

	action('server.start', () => {
		const forget = async () => {
			const utilities = new services.UtilsService({ accountability: administrator, schema: await getSchema() });
			await utilities.clearCache({ system: true });
		};

		listener = new CacheInvalidationListener({ database, logger, forget });
		listener.start();
	});

	action('server.stop', () => listener?.stop());
});
