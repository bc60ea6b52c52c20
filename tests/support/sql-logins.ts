import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { postgresUrl } from './environment.js';
import { onServer } from './templates.js';

/** A login as a deployer makes it: in one of the roles, with a password and nothing else. */
export interface Login {
	user: string;
	password: string;
	drop(): Promise<void>;
}

export async function makeLogin(role: 'trm_directus' | 'trm_processor'): Promise<Login> {
	const user = `trm_test_${randomBytes(6).toString('hex')}`;
	const password = randomBytes(12).toString('hex');
	await onServer(`CREATE ROLE ${user} LOGIN PASSWORD '${password}' IN ROLE ${role}`);
	return { user, password, drop: async () => void (await onServer(`DROP ROLE ${user}`)) };
}

export async function connectAs({ user, password }: Login, database: string): Promise<pg.Client> {
	const url = new URL(postgresUrl(database));
	url.username = user;
	url.password = password;
	const client = new pg.Client({ connectionString: url.href });
	await client.connect();
	return client;
}
