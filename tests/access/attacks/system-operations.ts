import { randomUUID } from 'node:crypto';
import { refused, unanswered, type Ask, type Attack, type Group } from './attack.js';
import type { Caller } from '../client.js';
import type { Setting } from './setting.js';

const callersOf = (s: Setting): Caller[] => ['public', 'marshal', 'owner', 'competitor', 'metrics', s.dismissed];

/** Operations of /graphql/system that look at no row's permissions, with what they take. */
const OPERATIONS: Record<string, (s: Setting) => string> = {
	utils_sort: (s) => `utils_sort(collection: "classes", item: "${s.own.draft.class}", to: "${s.plainClass}")`,
	'utils_sort of others': (s) =>
		`utils_sort(collection: "classes", item: "${s.foreign.draft.class}", to: "${s.foreign.published.class}")`,
	utils_hash_generate: () => 'utils_hash_generate(string: "x")',
	utils_hash_verify: () =>
		`utils_hash_verify(string: "x", hash: "$argon2id$v=19$m=262144,t=3,p=4$${btoa('saltsaltsalt').replace(/=/g, '')}$${btoa('x'.repeat(32)).replace(/=/g, '')}")`,
	utils_revert: (s) => `utils_revert(revision: ${s.system.revision})`,
	utils_cache_clear: () => 'utils_cache_clear',
	import_file: () => 'import_file(url: "http://127.0.0.1:6379/", data: {}) { id }',
	users_register: () => 'users_register(email: "a@example.com", password: "Abcdefgh12345!")',
	users_register_verify: () => 'users_register_verify(token: "x")',
	users_invite: (s) => `users_invite(email: "x@example.com", role: "${s.administrators.role}")`,
	update_extensions_item: () =>
		`update_extensions_item(id: "${randomUUID()}", data: { meta: { enabled: false } }) { id }`,
	create_collections_item: () => 'create_collections_item(data: { collection: "x", fields: [] }) { collection }',
	create_deployments_item: () => 'create_deployments_item(data: { provider: "vercel" }) { id }',
};

/** An operation in the ways in which a document can hold it. */
const documents = (operation: string): object[] => [
	{ query: `mutation { ${operation} }` },
	{ query: `mutation { renamed: ${operation} }` },
	{ query: `mutation M { ...F } fragment F on Mutation { ... on Mutation { ${operation} } }`, operationName: 'M' },
	{ query: `query Q { server_ping } mutation M { server: auth_logout ${operation} }`, operationName: 'M' },
];

const operations: Attack[] = Object.entries(OPERATIONS).map(([name, operation]) =>
	refused(`runs ${name} through GraphQL`, (s) =>
		callersOf(s).flatMap((caller) =>
			['/graphql/system', '/GraphQL//System/'].flatMap((path) =>
				documents(operation(s)).map((body): Ask => [caller, 'POST', path, body]),
			),
		),
	),
);

const QUERIES = ['extensions { name }', 'deployments { id }', 'deployment_runs { id }', 'anything_else'];

const queries: Attack[] = QUERIES.map((query) =>
	refused(`asks /graphql/system for ${query}`, (s) =>
		callersOf(s).flatMap((caller): Ask[] => [
			[caller, 'POST', '/graphql/system', { query: `{ ${query} }` }],
			[caller, 'GET', `/graphql/system?query=${encodeURIComponent(`{ x: ${query} }`)}`],
		]),
	),
);

const routes: Attack[] = [
	unanswered('uses routes of Directus that nobody listed as open', (s) =>
		callersOf(s).flatMap((caller): Ask[] => [
			[caller, 'POST', '/utils/resolve-redirect', { url: 'http://127.0.0.1:6379/' }],
			[caller, 'POST', '/Utils//Hash/generate/', { string: 'x' }],
			[caller, 'POST', '/utils/translations/generate', {}],
			[caller, 'GET', '/extensions/registry'],
			[caller, 'POST', '/settings/owner', {}],
			[caller, 'POST', `/users/${s.administrators.user}/tfa/disable`, {}],
			[caller, 'POST', `/versions/${randomUUID()}/promote`, {}],
			[caller, 'GET', '/deployments/vercel/projects'],
			[caller, 'POST', '/an-extension/of-somebody', {}],
		]),
	),
];

export const systemOperations: Group[] = [
	{ name: 'operations that are closed in REST, through GraphQL', attacks: [...operations, ...queries, ...routes] },
];
