/** One server, a master that Sentinels know, or a cluster. */
export interface RedisAddress {
	kind: 'single' | 'sentinel' | 'cluster';
	/** the server itself; the Sentinels; some nodes of the cluster */
	nodes: { host: string; port: number }[];
	isEncrypted: boolean;
	username?: string;
	password?: string;
	/** number of the database; a cluster has only 0 */
	database: number;
	/** name of the master, for Sentinels only */
	master?: string;
}

const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26379 };

/** scheme, kind, user information, hosts, database, fragment */
const SHAPE = /^(rediss?)(?:-(sentinel|cluster))?:\/\/(?:(.*)@)?([^@/?#]+)(?:\/(\d*))?(?:#(.+))?$/;

const HOST = /^(?:\[([0-9a-f:.]+)\]|([^:\s]+))(?::(\d{1,5}))?$/i;

/**
 * Reads an address of Redis: `redis://` and `rediss://` as everywhere, `redis-sentinel://host,host/database#master` as Lettuce
 * writes it, and `redis-cluster://host,host`. User and password are percent-encoded.
 * @returns null for what is none.
 */
export function parseRedisUrl(url: string): RedisAddress | null {
	const [, scheme, kind = 'single', login, hosts = '', database, master] = SHAPE.exec(url) ?? [];
	if (scheme === undefined) return null;

	const shape = kind as RedisAddress['kind'];
	const nodes = hosts.split(',').map((host) => nodeOf(host, DEFAULT_PORT[shape]));
	const credentials = credentialsOf(login);

	if (nodes.includes(null) || credentials === null) return null;
	if (shape === 'single' && nodes.length !== 1) return null;
	if ((shape === 'sentinel') !== (master !== undefined)) return null;
	if (shape === 'cluster' && Number(database ?? 0) !== 0) return null;

	return {
		kind: shape,
		nodes: nodes as RedisAddress['nodes'],
		isEncrypted: scheme === 'rediss',
		...credentials,
		database: Number(database ?? 0),
		...(master === undefined ? {} : { master: decodeURIComponent(master) }),
	};
}

function nodeOf(text: string, defaultPort: number): RedisAddress['nodes'][number] | null {
	const [, address6, name, port] = HOST.exec(text.trim()) ?? [];
	const host = address6 ?? name;
	const number = Number(port ?? defaultPort);

	return host === undefined || number < 1 || number > 65535 ? null : { host, port: number };
}

function credentialsOf(login: string | undefined): { username?: string; password?: string } | null {
	if (login === undefined) return {};

	const at = login.indexOf(':');

	try {
		const username = decodeURIComponent(at === -1 ? login : login.slice(0, at));
		const password = at === -1 ? '' : decodeURIComponent(login.slice(at + 1));
		return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
	} catch {
		return null;
	}
}
