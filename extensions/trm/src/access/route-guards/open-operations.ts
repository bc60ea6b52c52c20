import { RouteNotFoundError } from '@directus/errors';
import { forbidden } from '../../lib/errors.js';
import { CLOSED_OPERATIONS } from './closed-operations.js';

/** Directus's own collections that permissions decide about, in REST as `/users` and `/users/<key>`, in GraphQL as `users`, `create_users_item`. */
const COLLECTIONS = [
	...['access', 'activity', 'comments', 'dashboards', 'files', 'flows', 'folders', 'notifications', 'operations'],
	...['panels', 'permissions', 'policies', 'presets', 'revisions', 'roles', 'settings', 'shares', 'translations'],
	...['users', 'versions'],
];

/** Each other operation that callers without administrator rights may use: its path, and its name in GraphQL where it has one. */
const OPERATIONS: [path: string, graphql?: string][] = [
	// Signing in and out
	['auth'],
	['auth/login', 'auth_login'],
	['auth/login/:provider'],
	['auth/login/:provider/callback'],
	['auth/login/:provider/acs'],
	['auth/refresh', 'auth_refresh'],
	['auth/logout', 'auth_logout'],
	['auth/password/request', 'auth_password_request'],
	['auth/password/reset', 'auth_password_reset'],
	['shares/auth'],
	['shares/info/:share'],
	['users/invite/accept', 'users_invite_accept'],
	// Through GraphQL Directus fails where it should refuse.
	['users/register'],
	['users/register/verify-email'],

	// About the caller
	['users/me', 'users_me'],
	['users/me', 'update_users_me'],
	['users/me/track/page'],
	['users/me/tfa/generate', 'users_me_tfa_generate'],
	['users/me/tfa/enable', 'users_me_tfa_enable'],
	['users/me/tfa/disable', 'users_me_tfa_disable'],
	['roles/me', 'roles_me'],
	['policies/me/globals', 'policies_me_globals'],
	['permissions/me', 'permissions_me'],
	['permissions/me/:collection'],
	['permissions/me/:collection/:key'],

	// The data, by permissions
	['items/:collection'],
	['items/:collection/:key'],
	['graphql'],
	['graphql/system'],
	['assets/:file'],
	['assets/:file/:name'],
	// By the flow's own settings
	['flows/trigger/:flow'],

	// The model, as far as permissions show it
	['collections', 'collections'],
	['collections/:collection', 'collections_by_name'],
	['fields', 'fields'],
	['fields/:collection', 'fields_in_collection'],
	['fields/:collection/:field', 'fields_by_name'],
	['relations', 'relations'],
	['relations/:collection', 'relations_in_collection'],
	['relations/:collection/:field', 'relations_by_name'],

	// The server
	['server/ping', 'server_ping'],
	['server/info', 'server_info'],
	['server/health', 'server_health'],
	['server/specs/oas', 'server_specs_oas'],
	['server/specs/graphql', 'server_specs_graphql'],
	['server/specs/graphql/:scope'],
	['utils/random/string', 'utils_random_string'],
	['extensions/sources/:chunk'],

	// Ours
	['positions/track'],
	['positions/flag-faulty'],
	['event-stream/status'],
	['event-stream/metrics'],
];

/** A key of a row, so that no operation below a collection is taken for one. */
const KEY = /^(?:\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

const OPEN_PATHS = OPERATIONS.map(([path]) => path.split('/'));
/** What Directus adds to a schema that is empty otherwise. */
const OPEN_FIELDS = new Set(['_empty', ...OPERATIONS.flatMap(([, graphql]) => graphql ?? [])]);
const KNOWN = new Set([
	...COLLECTIONS,
	...[...OPEN_PATHS, ...CLOSED_OPERATIONS.map(({ route }) => route)].map(([first]) => first),
]);

/** @returns why a request may not be made without administrator rights; undefined where it may. */
export function closedPath(segments: string[]): Error | undefined {
	const path = segments.map((segment) => segment.toLowerCase());
	const [first = '', second, ...rest] = path;
	const isOfCollection = COLLECTIONS.includes(first) && rest.length === 0 && (second === undefined || KEY.test(second));
	if (first === '' || isOfCollection || OPEN_PATHS.some((open) => matches(path, open))) return undefined;
	if (!KNOWN.has(first)) return new RouteNotFoundError({ path: `/${segments.join('/')}` });

	const closed = CLOSED_OPERATIONS.find(({ route }) => route.every((part, index) => path[index] === part));
	return forbidden(closed?.reason);
}

const matches = (path: string[], open: string[]) =>
	path.length === open.length && open.every((part, index) => part.startsWith(':') || part === path[index]);

/** @returns the same for a field of `/graphql/system`, such as `utils_sort`. */
export function closedField(name: string): Error | undefined {
	if (/^(?:create|update|delete)_translations/.test(name)) return forbidden();
	if (name.startsWith('__') || OPEN_FIELDS.has(name) || COLLECTIONS.includes(collectionIn(name))) return undefined;
	return forbidden(CLOSED_OPERATIONS.find(({ route }) => name.startsWith(route.join('_')))?.reason);
}

/** `users` of `users_by_id`, `users_aggregated` and `update_users_items`; of a collection with one row `settings` of `update_settings`. */
function collectionIn(name: string): string {
	const written = /^(?:create|update|delete)_(\w+?)(?:_items?|_batch)?$/.exec(name)?.[1];
	return written ?? name.replace(/_(?:by_id|by_version|aggregated)$/, '');
}
