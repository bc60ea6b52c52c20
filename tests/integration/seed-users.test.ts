import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { count, one, SEED } from '../support/seed.js';
import { startStack, type Answer, type Stack } from '../support/stack.js';

const LOAD = ['seed', 'load', SEED, '--fixes-per-device', '30', '--entries', '1'];
const RALLY = 'rally-albania-provisional';
const BAJA = 'ohrid-baja-provisional';
/** The tracker of race number 1. */
const DEVICE = '004409990000019';

const EMAILS = [
	...['owner', 'race.director', 'timekeeper', 'operator', 'marshal', 'ohrid.operator', 'rider.001'],
	...['processor', 'metrics'],
].map((name) => `${name}@example.com`);

describe('the users of the seed', () => {
	let stack: Stack;
	let directory: string;
	let file: string;
	/** What the load that made them printed. */
	let output: string;
	/** What each user sends with his requests. */
	const tokens = new Map<string, string>();

	beforeAll(async () => {
		stack = await startStack({ redis: false });
		directory = await mkdtemp(join(tmpdir(), 'trm-users-'));
		file = join(directory, 'users.csv');
	});

	afterAll(async () => {
		await stack?.stop();
		await rm(directory, { recursive: true, force: true });
	});

	const load = (...more: string[]) => stack.trm([...LOAD, ...more]);
	const as = (name: string, method: string, path: string, body?: unknown): Promise<Answer> =>
		stack.api(method, path, body, tokens.get(`${name}@example.com`) as string);

	/** email → what stands in the file for it. */
	async function told(): Promise<Map<string, { password: string; token: string }>> {
		const [header, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
		expect(header).toBe('email,role,password,token');

		return new Map(
			lines.map((line) => {
				const [email = '', , password = '', token = ''] = line.split(',');
				return [email, { password, token }];
			}),
		);
	}

	const login = (email: string, password: string) => stack.api('POST', '/auth/login', { email, password }, null);

	it('need the roles of access.yaml, and say so', async () => {
		const role = '93d8f5a1-2b6c-4e70-9f84-c15d7b0e3a28';
		await stack.db.query('DELETE FROM directus_presets WHERE role = $1', [role]);
		await stack.db.query(`UPDATE directus_roles SET id = gen_random_uuid() WHERE id = $1`, [role]);
		const { code, output } = await load('--credentials', file);
		await stack.db.query(`UPDATE directus_roles SET id = $1 WHERE name = 'Operator'`, [role]);

		expect(code).toBe(1);
		expect(output).toContain(
			`directus_users.csv:5: the role operator (${role}) does not exist. Apply the access first`,
		);
		expect(await count(stack, 'organizations')).toBe(0);
	});

	it('are told in a file before they exist, so that a load that fails at the last moment loses nothing', async () => {
		await stack.db.query(
			`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no commit'; END $$`,
		);
		await stack.db.query(`CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON directus_users
			DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`);

		expect(await load('--credentials', file)).toMatchObject({ code: 1, output: expect.stringContaining('no commit') });
		await stack.db.query('DROP FUNCTION refuse CASCADE');
		expect(await one(stack, `SELECT count(*)::int AS value FROM directus_users WHERE email LIKE '%operator%'`)).toBe(0);

		const before = await readFile(file, 'utf8');
		const complete = await load('--credentials', file);
		output = complete.output;
		expect(complete.code, output).toBe(0);
		expect(output).toContain(`9 users created; what they sign in with stands in ${file}`);
		expect(await readFile(file, 'utf8')).toBe(before);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect([...(await told()).keys()]).toEqual(EMAILS);
	});

	it('sign in with what the file tells, people with a password and services with a token', async () => {
		for (const [email, { password, token }] of await told()) {
			const answer = token === '' ? await login(email, password) : null;
			tokens.set(email, answer === null ? token : answer.body.data.access_token);
			const me = await stack.api('GET', '/users/me', undefined, tokens.get(email) as string);
			expect(me.status, email).toBe(200);
			expect(me.body.data.id, email).toBe(
				await one(stack, `SELECT id AS value FROM directus_users WHERE email = $1`, [email]),
			);
		}
	});

	it('have passwords and tokens that stand nowhere but there', async () => {
		const tables = ['directus_revisions', 'directus_activity', 'trm.state', 'trm.event_outbox'];

		for (const { password, token } of (await told()).values()) {
			expect(output).not.toContain(password || token);

			for (const table of tables) {
				const found = `SELECT count(*)::int AS value FROM ${table} AS t WHERE strpos(t::text, $1) > 0`;
				expect(await one(stack, found, [password || token]), table).toBe(0);
			}
		}
	});

	it('see their own organisation, and of another one what is published', async () => {
		const imeis = async (name: string) =>
			(await as(name, 'GET', '/items/devices?fields=imei&limit=-1')).body.data.map(
				({ imei }: { imei: string }) => imei,
			);
		const events = async (name: string) =>
			(await as(name, 'GET', '/items/events?fields=slug&sort=slug')).body.data.map(
				({ slug }: { slug: string }) => slug,
			);

		const [rally, baja] = [await imeis('operator'), await imeis('ohrid.operator')];
		// Two of its own, and two that it has borrowed.
		expect([rally.length, baja.length]).toEqual([93, 4]);
		expect(rally.filter((imei: string) => baja.includes(imei))).toHaveLength(2);

		expect(await events('operator')).toEqual(['ohrid-baja-2026', 'rally-albania-2026']);
		expect(await events('ohrid.operator')).toEqual(['ohrid-baja-2026', 'ohrid-baja-2027', 'rally-albania-2026']);

		const crew = async (name: string, organization: string) => {
			const filter = `filter[entry][event][organization][slug][_eq]=${organization}`;
			const { body } = await as(name, 'GET', `/items/entry_crew?aggregate[countDistinct]=id&${filter}`);
			return Number(body.data[0].countDistinct.id);
		};

		expect(await crew('operator', BAJA)).toBe(0);
		expect(await crew('ohrid.operator', BAJA)).toBe(4);
		// As a marshal.
		expect(await crew('ohrid.operator', RALLY)).toBe(84);
	});

	it('ride: a competitor sees the entry whose crew he is', async () => {
		const { body } = await as('rider.001', 'GET', '/items/entry_crew?fields=name,entry.race_number');
		expect(body.data).toEqual([{ name: 'Rider 001', entry: { race_number: 1 } }]);
	});

	it('flag fixes as an operator, and not as a marshal, whatever they are elsewhere', async () => {
		const ts = await one<string>(
			stack,
			`SELECT to_char(min(ts) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS value FROM positions WHERE device_id = $1`,
			[DEVICE],
		);
		const flag = (name: string) =>
			as(name, 'POST', '/positions/flag-faulty', {
				positions: [{ device_id: DEVICE, ts }],
				faulty: true,
				reason: 'test',
			});

		expect(await flag('marshal')).toMatchObject({ status: 403 });
		expect(await flag('ohrid.operator')).toMatchObject({ status: 403 });
		expect(await flag('operator')).toMatchObject({ status: 200 });
		expect(await one(stack, 'SELECT count(*)::int AS value FROM positions WHERE faulty')).toBe(1);
	});

	it('copy an entry as a race director, also one whose rider is a user, whom he may not see', async () => {
		const rider =
			'SELECT entry AS value FROM entry_crew JOIN directus_users AS u ON u.id = "user" WHERE email = \'rider.001@example.com\'';
		const entry = await one<string>(stack, rider);
		const { body: collection } = await stack.api('GET', '/collections/entries');
		const fields = collection.data.meta.item_duplication_fields.join(',');
		const { body: original } = await as('race.director', 'GET', `/items/entries/${entry}?fields=${fields}`);
		const copy = await as('race.director', 'POST', '/items/entries?fields=crew.name', {
			...original.data,
			race_number: 987,
		});
		expect(copy).toMatchObject({ status: 200, body: { data: { crew: [{ name: 'Rider 001' }] } } });
	});

	it('keep password, role and name when the seed is loaded again, also with --reset-fields', async () => {
		await stack.db.query(
			`UPDATE directus_users SET role = NULL, last_name = 'Edited' WHERE email = 'marshal@example.com'`,
		);
		const users = () =>
			one(stack, `SELECT jsonb_agg(to_jsonb(u) - 'last_page' ORDER BY id) AS value FROM directus_users AS u`);
		const before = [await users(), await readFile(file, 'utf8')];

		const other = join(directory, 'other.csv');
		const { code, output } = await load('--credentials', other, '--reset-fields');
		expect(code, output).toBe(0);
		expect(output).toContain(`not in ${other}, since they were there before: ${EMAILS.join(', ')}. To sign in as one,`);
		await expect(stat(other)).rejects.toThrow('ENOENT');
		expect([await users(), await readFile(file, 'utf8')]).toEqual(before);
	});

	it('cannot sign in when no file was named for it, and the output says so', async () => {
		const password = (await told()).get('marshal@example.com')?.password as string;
		await stack.db.query(`DELETE FROM directus_users WHERE email IN ('marshal@example.com', 'metrics@example.com')`);
		expect((await load()).output).toContain('2 users created without password or token, so they cannot sign in');

		expect(await login('marshal@example.com', password)).toMatchObject({ status: 401 });
		expect(await as('metrics', 'GET', '/users/me')).toMatchObject({ status: 401 });
		// Its membership, which went with the user, is back.
		expect(await count(stack, 'organization_users')).toBe(7);
	});
});
