import { canary } from '../side.js';
import { harmless, nothing, refused, type Attack, type Group } from './attack.js';

/** What Directus remembers of rows of others, and of users. */
const memory: Attack[] = [
	nothing("reads the activity on B's rows, and of users", (s) => [
		['owner', 'GET', `/activity/${s.system.activity}`],
		['owner', 'GET', `/activity?filter[item][_eq]=${s.foreign.draft.event}`],
		['marshal', 'GET', `/activity?filter[user][_neq]=$CURRENT_USER&limit=1000`],
		['marshal', 'GET', '/activity?aggregate[count]=*&filter[user][_neq]=$CURRENT_USER'],
		['competitor', 'GET', '/activity'],
	]),
	nothing("reads the revisions of B's rows, and of those of A", (s) => [
		['owner', 'GET', `/revisions/${s.system.revision}`],
		['owner', 'GET', '/revisions?limit=1000'],
		['owner', 'SEARCH', '/revisions', { query: { filter: { item: { _eq: s.foreign.draft.event } } } }],
		['marshal', 'GET', '/activity?fields=revisions.data&limit=1000'],
	]),
	refused("turns B's event back to a revision", (s) => [
		['owner', 'POST', `/utils/revert/${s.system.revision}`],
		['public', 'POST', `/utils/revert/${s.system.revision}`],
	]),
	refused("reads versions of B's event", (s) => [
		['owner', 'GET', `/versions/${s.system.version}`],
		['owner', 'GET', `/versions?filter[item][_eq]=${s.foreign.draft.event}`],
		['owner', 'GET', `/items/events/${s.foreign.draft.event}?version=draft`],
		['owner', 'GET', `/versions/${s.system.version}/compare`],
	]),
	refused(
		"writes versions of B's event and of his own, and makes them the event",
		(s) => [
			[
				'owner',
				'POST',
				'/versions',
				{ key: 'mine', name: canary(), collection: 'events', item: s.foreign.draft.event },
			],
			['owner', 'POST', '/versions', { key: 'mine', name: canary(), collection: 'events', item: s.own.draft.event }],
			['owner', 'POST', `/versions/${s.system.version}/save`, { organization: s.own.organization }],
			['owner', 'POST', `/versions/${s.system.version}/promote`, { mainHash: 'x' }],
			['owner', 'DELETE', `/versions/${s.system.version}`],
		],
		[403, 422],
	),
];

const messages: Attack[] = [
	nothing('reads the comments of B', (s) => [
		['owner', 'GET', `/comments/${s.system.comment}`],
		['owner', 'GET', `/comments?filter[item][_eq]=${s.foreign.draft.event}`],
		['marshal', 'GET', '/comments?filter[user_created][_neq]=$CURRENT_USER'],
	]),
	refused("comments on B's draft, on what is not there, and on users", (s) => [
		['owner', 'POST', '/comments', { collection: 'events', item: s.foreign.draft.event, comment: 'x' }],
		['marshal', 'POST', '/comments', { collection: 'devices', item: s.foreign.draft.device, comment: 'x' }],
		['owner', 'POST', '/comments', { collection: 'directus_users', item: s.foreigner, comment: 'x' }],
		['owner', 'POST', '/comments', { collection: 'positions', item: '1', comment: 'x' }],
		['competitor', 'POST', '/comments', { collection: 'events', item: s.own.published.event, comment: 'x' }],
		['public', 'POST', '/comments', { collection: 'events', item: s.own.published.event, comment: 'x' }],
	]),
	refused("changes and deletes B's comment", (s) => [
		['owner', 'PATCH', `/comments/${s.system.comment}`, { comment: 'x' }],
		['owner', 'DELETE', `/comments/${s.system.comment}`],
	]),
	nothing('reads the messages of others', (s) => [
		['owner', 'GET', `/notifications/${s.system.notification}`],
		['marshal', 'GET', `/notifications?filter[recipient][_eq]=${s.foreigner}`],
		['competitor', 'GET', '/notifications'],
	]),
	refused('sends messages, and reads them as another', (s) => [
		['owner', 'POST', '/notifications', { recipient: s.foreigner, subject: 'x' }],
		['owner', 'PATCH', `/notifications/${s.system.notification}`, { status: 'archived' }],
		['owner', 'DELETE', `/notifications/${s.system.notification}`],
	]),
	nothing('reads the bookmarks of others', (s) => [
		['owner', 'GET', `/presets/${s.system.preset}`],
		['marshal', 'GET', `/presets?filter[user][_eq]=${s.foreigner}`],
	]),
	refused(
		'makes bookmarks for others, for roles and for everybody',
		(s) => [
			['owner', 'POST', '/presets', { user: s.foreigner, collection: 'events', bookmark: 'x' }],
			['owner', 'POST', '/presets', { user: null, role: s.roles['Staff'], collection: 'events', bookmark: 'x' }],
			['owner', 'POST', '/presets', { user: null, role: null, collection: 'events', bookmark: 'x' }],
			['owner', 'PATCH', `/presets/${s.system.preset}`, { bookmark: 'x' }],
			['owner', 'DELETE', `/presets/${s.system.preset}`],
		],
		[400, 403],
	),
];

/** What runs or shows something in the name of others. */
const machines: Attack[] = [
	refused('reads, changes and makes flows and operations', (s) => [
		['owner', 'GET', `/flows/${s.system.flow}`],
		['owner', 'GET', '/flows'],
		['owner', 'POST', '/flows', { name: 'x', trigger: 'webhook', status: 'active', accountability: null }],
		['owner', 'PATCH', `/flows/${s.system.flow}`, { accountability: null }],
		['owner', 'POST', '/operations', { flow: s.system.flow, key: 'x', type: 'exec', position_x: 1, position_y: 1 }],
		['owner', 'PATCH', `/operations/${s.system.operation}`, { type: 'item-update' }],
		['owner', 'DELETE', `/flows/${s.system.flow}`],
	]),
	refused('starts a flow', (s) => [
		['owner', 'POST', `/flows/trigger/${s.system.flow}`, { collection: 'events', keys: [s.own.draft.event] }],
		['public', 'GET', `/flows/trigger/${s.system.flow}`],
		['public', 'POST', `/flows/trigger/${s.system.webhook}`, {}],
		['owner', 'POST', '/flows/trigger/11111111-2222-4333-8444-555555555555', {}],
	]),
	refused('reads, makes and deletes dashboards and panels', (s) => [
		['owner', 'GET', `/dashboards/${s.system.dashboard}?fields=*,panels.*`],
		['owner', 'POST', '/dashboards', { name: 'x' }],
		['owner', 'PATCH', `/panels/${s.system.panel}`, { options: { collection: 'directus_users' } }],
		['owner', 'DELETE', `/dashboards/${s.system.dashboard}`],
	]),
	refused('changes translations and settings', () => [
		['owner', 'POST', '/translations', { key: canary(), language: 'en-US', value: 'x' }],
		['owner', 'PATCH', '/settings', { custom_css: 'body{display:none}', auth_login_attempts: null }],
	]),
	refused('shares rows of A and of B', (s) => [
		['owner', 'POST', '/shares', { collection: 'events', item: s.foreign.draft.event, role: s.administrators.role }],
		['owner', 'POST', '/shares', { collection: 'events', item: s.own.draft.event, role: s.administrators.role }],
		['marshal', 'POST', '/shares', { collection: 'directus_users', item: s.administrators.user }],
		['owner', 'PATCH', `/shares/${s.system.share}`, { role: s.administrators.role, collection: 'directus_users' }],
		['owner', 'GET', `/shares/${s.system.foreignShare}`],
		['owner', 'DELETE', `/shares/${s.system.share}`],
		['owner', 'POST', '/shares/invite', { share: s.system.share, emails: ['x@example.com'] }],
	]),
	refused(
		'opens a share with a wrong password, with none and as a list',
		(s) => [
			['public', 'POST', '/shares/auth', { share: s.system.foreignShare, password: 'guess' }],
			['public', 'POST', '/shares/auth', { share: s.system.foreignShare, password: '' }],
			['public', 'POST', '/shares/auth', { share: '11111111-2222-4333-8444-555555555555' }],
			['public', 'POST', '/shares/auth', { share: [s.system.foreignShare] }],
			['public', 'POST', '/shares/auth', { share: `${s.system.foreignShare}' OR '1'='1` }],
		],
		[400, 401, 403],
	),
	harmless('asks about shares without their password', (s) => [
		['public', 'GET', '/shares/info/11111111-2222-4333-8444-555555555555'],
		['public', 'GET', `/shares/info/x'%20OR%201=1`],
		['public', 'GET', `/server/specs/oas?x=${s.system.share}`],
	]),
	harmless('asks the server about itself, the model and the other roles', () => [
		['public', 'GET', '/server/info'],
		['marshal', 'GET', '/server/info'],
		['marshal', 'GET', '/server/health'],
		['public', 'GET', '/server/health'],
		['marshal', 'GET', '/settings'],
		['public', 'GET', '/settings'],
		['marshal', 'GET', '/roles?fields=*.*.*&limit=-1'],
		['public', 'GET', '/roles'],
		['marshal', 'GET', '/server/specs/graphql/system'],
		['public', 'GET', '/permissions/me'],
		['public', 'GET', '/collections'],
		['public', 'GET', '/fields'],
		['public', 'GET', '/relations'],
	]),
	harmless(
		'asks for what the server does not offer: AI, MCP, deployments, statistics',
		() => [
			['owner', 'POST', '/mcp', { jsonrpc: '2.0', method: 'tools/list', id: 1 }],
			['owner', 'POST', '/ai/chat', { messages: [] }],
			['owner', 'GET', '/deployments'],
			['public', 'POST', '/deployments/webhooks/vercel', {}],
			['public', 'GET', '/metrics'],
			['owner', 'GET', '/metrics'],
		],
		[400, 401, 403, 404, 405],
	),
	refused('asks how the event stream is', () => [
		['public', 'GET', '/event-stream/status'],
		['owner', 'GET', '/event-stream/metrics'],
		['processor', 'GET', '/event-stream/status'],
		['marshal', 'POST', '/event-stream/status'],
		['public', 'GET', '/event-stream/metrics', undefined, { Authorization: 'Metrics guess' }],
	]),
];

export const system: Group[] = [
	{ name: 'what Directus remembers', attacks: memory },
	{ name: 'messages, comments and bookmarks', attacks: messages },
	{ name: 'flows, dashboards, shares and the server itself', attacks: machines },
];
