import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { startStack, type Stack } from './stack.js';
import { runTrm, type Outcome } from './trm.js';

export const STAFF = '10000000-0000-4000-8000-000000000001';
export const OPERATOR = '10000000-0000-4000-8000-000000000002';
export const PUBLISHED = '20000000-0000-4000-8000-000000000001';
export const MEMBER = '20000000-0000-4000-8000-000000000002';

interface Role {
	id: string;
	name: string;
	parent?: string | null;
	policies?: string[];
}

interface Policy {
	id: string;
	name: string;
	app_access?: boolean;
	ip_access?: string[];
	permissions: Record<string, object>;
}

/** An access file of the tests' own, and its parts to change: what it holds is what they assert. */
export function smallAccess() {
	const operator: Role = { id: OPERATOR, name: 'Test operator', parent: STAFF };
	const staff: Role = { id: STAFF, name: 'Test staff', policies: [MEMBER, PUBLISHED] };

	const published: Policy = {
		id: PUBLISHED,
		name: 'Test published',
		permissions: { events: { read: { fields: ['id', 'name'], filter: { status: { _eq: 'live' } } } } },
	};

	const mine = { users: { user: { _eq: '$CURRENT_USER' } } };

	const member: Policy = {
		id: MEMBER,
		name: 'Test member',
		app_access: true,
		permissions: {
			events: { read: { fields: ['*'], filter: { organization: mine } } },
			organizations: { read: { fields: ['*'], filter: mine } },
		},
	};

	return {
		operator,
		staff,
		published,
		member,
		access: { roles: [operator, staff], public: [PUBLISHED], policies: [published, member] },
	};
}

/** A stack for tests of `config …`, with a directory for their files. */
export class ConfigStack {
	private constructor(
		readonly stack: Stack,
		readonly directory: string,
	) {}

	/** What the boot declared has become made by hand in it: a file of the test's own is then the first that is applied. */
	static async start(options: Parameters<typeof startStack>[0] = {}): Promise<ConfigStack> {
		const stack = await startStack(options);
		const directory = await mkdtemp(join(tmpdir(), 'trm-config-'));
		await stack.db.query(`DELETE FROM trm.state WHERE key = 'access'`);
		return new ConfigStack(stack, directory);
	}

	async stop(): Promise<void> {
		await this.stack.stop();
		await rm(this.directory, { recursive: true, force: true });
	}

	/** @returns the path of a file of that name with this content as YAML. */
	async write(name: string, content: object | string): Promise<string> {
		const path = join(this.directory, name);
		await writeFile(path, typeof content === 'string' ? content : dump(content, { noRefs: true }));
		return path;
	}

	/** `scripts/config.sh …` as a process. */
	run(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
		return runTrm(args, { ...this.stack.env, ...env }, 'scripts/config.sh');
	}

	/** `trm config …` by the stack's child. */
	command(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
		return this.stack.trm(['config', ...args], env);
	}

	/** Applies an access file with this content. */
	async apply(access: object, env: Record<string, string> = {}): Promise<Outcome> {
		return this.command(['apply'], { ACCESS_PATH: await this.write('access.yaml', access), ...env });
	}

	async rows<Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
		return (await this.stack.db.query(sql, values)).rows as Row[];
	}

	/** All that an apply may write. */
	everything(): Promise<unknown> {
		return this.rows(`SELECT
			(SELECT json_agg(r ORDER BY id) FROM directus_roles r) AS roles,
			(SELECT json_agg(p ORDER BY id) FROM directus_policies p) AS policies,
			(SELECT json_agg(p ORDER BY id) FROM directus_permissions p) AS permissions,
			(SELECT json_agg(a ORDER BY id) FROM directus_access a) AS links,
			(SELECT json_agg(p ORDER BY id) FROM directus_presets p) AS presets,
			(SELECT json_agg(s) FROM directus_settings s) AS settings,
			(SELECT json_agg(s ORDER BY key) FROM trm.state s WHERE key IN ('access', 'settings')) AS state`);
	}

	permissionsOf(policy: string) {
		return this.rows(
			'SELECT collection, action, fields, permissions FROM directus_permissions WHERE policy = $1 ORDER BY collection, action',
			[policy],
		);
	}
}
