import type { Accountability } from '@directus/types';

/**
 * The accountability of work that the deployment itself orders (schema, settings, seed), not a user.
 * SchemaService refuses `null`, though everything else takes it for "may do all".
 */
export const administrator: Accountability = {
	user: null,
	role: null,
	roles: [],
	admin: true,
	app: true,
	ip: null,
};
