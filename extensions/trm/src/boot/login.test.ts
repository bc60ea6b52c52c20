import { describe, expect, it } from 'vitest';
import { environmentOf, ownerLogin, serverLogin } from './login.js';

const env = { DB_HOST: 'db', DB_DATABASE: 'trm', DB_USER: 'server', DB_PASSWORD: 'a' };
const both = { ...env, DB_OWNER_USER: 'owner', DB_OWNER_PASSWORD: 'b' };

describe('logins', () => {
	it('takes the owner where one is given, and names the variables', () => {
		expect(ownerLogin(both)).toMatchObject({
			user: 'owner',
			password: 'b',
			port: 5432,
			variables: 'DB_OWNER_USER and DB_OWNER_PASSWORD',
		});
		expect(serverLogin(both)).toMatchObject({ user: 'server', password: 'a', variables: 'DB_USER and DB_PASSWORD' });
		expect(ownerLogin(env)).toEqual(serverLogin(env));
	});

	it('gives a child process the login and nothing else of the owner', () => {
		expect(environmentOf(ownerLogin(both), both)).toEqual({ ...env, DB_USER: 'owner', DB_PASSWORD: 'b' });
	});

	it.each([
		[{}, undefined],
		[{ DB_SSL: 'true' }, true],
		[{ DB_SSL: 'false' }, false],
		[
			{ DB_SSL__CA: 'pem', DB_SSL__REJECT_UNAUTHORIZED: 'true' },
			{ ca: 'pem', rejectUnauthorized: true },
		],
		[{ DB_SSL__REJECT_UNAUTHORIZED: 'false' }, { rejectUnauthorized: false }],
	])('reads TLS from %j as Directus does', (ssl, read) => {
		expect(serverLogin({ ...env, ...ssl }).ssl).toEqual(read);
	});
});
