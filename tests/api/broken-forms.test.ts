import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BOUNDARY, END, file, part } from '../support/multipart.js';
import { eventually } from '../support/processes.js';
import { useServedStack } from '../support/served.js';
import { HOME, type Answer, type Stack } from '../support/stack.js';

/** Forms with files that break off, cannot be read, or come from somebody without a right: the server answers, keeps nothing, and serves on. */
let stack: Stack;
let uploader: string;

const IMEIS = ['350000000000001', '350000000000002'];
const ROWS = JSON.stringify(IMEIS.map((imei) => ({ organization: HOME, imei })));
const CSV = ['organization,imei', ...IMEIS.map((imei) => `${HOME},${imei}`), ''].join('\n');

useServedStack(async (served) => {
	stack = served;
	await stack.home();
	uploader = await makeUploader();
});

/** Somebody with a policy made by hand that lets him upload; what is left of an upload Directus deletes by his right to delete. */
async function makeUploader(): Promise<string> {
	const token = randomUUID();
	const permissions = ['create', 'read', 'update', 'delete'].map((action) => ({
		collection: 'directus_files',
		action,
		fields: ['*'],
	}));
	const policies = {
		create: [{ policy: { name: 'Uploader', app_access: false, permissions: { create: permissions } } }],
	};
	const { status, body } = await stack.api('POST', '/users', { email: 'uploader@example.com', token, policies });
	if (status !== 200) throw new Error(`no uploader: ${status} ${JSON.stringify(body)}`);
	return token;
}

async function send(
	method: string,
	path: string,
	form: string | Buffer,
	token: string | null = stack.token,
): Promise<Answer> {
	const response = await fetch(`${stack.url}${path}`, {
		method,
		headers: {
			'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
			...(token === null ? {} : { Authorization: `Bearer ${token}` }),
		},
		body: form,
	});
	const text = await response.text();
	return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

const count = async (table: string) => (await stack.db.query(`SELECT FROM ${table}`)).rowCount;

/** Transactions that wait for somebody. */
const openTransactions = async () =>
	(
		await stack.db.query(
			`SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'`,
		)
	).rowCount;

const BROKEN: [string, string][] = [
	['within a file', part('file', 'text/plain', 'x')],
	['within the second file', file('x') + part('other', 'text/plain', 'y')],
	['after its file', file('x')],
	['after its files', file('x') + file('y', 'text/plain', 'other')],
	['within the head of a part', `--${BOUNDARY}\r\nContent-Disposition: form-da`],
	['within the head of the second part', `${file('x')}--${BOUNDARY}\r\nContent-Disposition: form-da`],
	['within a field', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nx`],
	['before it begins', ''],
	['within a file of 300 kB', part('file', 'text/plain', 'x'.repeat(300_000))],
];

describe.each([
	['an administrator', () => stack.token],
	['somebody with a policy made by hand', () => uploader],
])('%s', (_, tokenOf) => {
	it('uploads files, one, several and over one that is there', async () => {
		const before = Number(await count('directus_files'));
		const one = await send('POST', '/files', file('one') + END, tokenOf());
		expect(one).toMatchObject({ status: 200, body: { data: { filesize: '3', title: 'File' } } });

		const several = await send(
			'POST',
			'/files',
			file('x'.repeat(300_000)) + file('', 'text/plain', 'b') + END,
			tokenOf(),
		);
		expect(several.status).toBe(200);
		expect(several.body.data.map(({ filesize }: { filesize: string }) => filesize).sort()).toEqual(['0', '300000']);
		expect(await count('directus_files')).toBe(before + 3);

		const over = await send('PATCH', `/files/${one.body.data.id}`, file('other') + END, tokenOf());
		expect(over).toMatchObject({ status: 200, body: { data: { id: one.body.data.id, filesize: '5' } } });
	});

	it('is told of a file that is too large', async () => {
		const files = await count('directus_files');
		const large = file('x'.repeat(500_000));
		expect((await send('POST', '/files', large + END, tokenOf())).status).toBe(413);
		await eventually('nothing is kept', async () => (await count('directus_files')) === files);
	});

	it.each(BROKEN)('is told of a form that breaks off %s, and nothing is kept', async (__, form) => {
		const files = await count('directus_files');
		const { status, body } = await send('POST', '/files', form, tokenOf());
		expect(status).toBe(400);
		expect(body.errors[0].extensions.code).toBe('INVALID_PAYLOAD');
		await eventually('nothing is kept', async () => (await count('directus_files')) === files);
	});

	it.each(BROKEN)('keeps the file that is there where a form breaks off %s', async (__, form) => {
		const { body } = await send('POST', '/files', file('stays') + END, tokenOf());
		expect((await send('PATCH', `/files/${body.data.id}`, form, tokenOf())).status).toBe(400);

		const kept = await fetch(`${stack.url}/assets/${body.data.id}`, {
			headers: { Authorization: `Bearer ${stack.token}` },
		});
		expect(await kept.text()).toBe('stays');
	});
});

describe('an import', () => {
	it.each([
		['JSON', 'application/json', ROWS],
		['CSV', 'text/csv', CSV],
	])('takes %s', async (_, type, rows) => {
		await stack.db.query('DELETE FROM devices');
		expect((await send('POST', '/utils/import/devices', file(rows, type) + END)).status).toBe(200);
		expect(await count('devices')).toBe(2);
	});

	it('of trackers of nobody says which field is missing', async () => {
		const { status, body } = await send(
			'POST',
			'/utils/import/devices',
			file('imei\n350000000000003\n', 'text/csv') + END,
		);
		expect([status, body.errors[0].extensions]).toEqual([400, expect.objectContaining({ field: 'organization' })]);
	});

	const TYPES = ['application/json', 'text/csv'];
	const rowsOf = (type: string) => (type === 'text/csv' ? CSV : ROWS);

	it.each(
		TYPES.flatMap((type) => [
			[type, 'within its file', part('file', type, rowsOf(type))],
			[type, 'after its file', file(rowsOf(type), type)],
			[type, 'within a large file', part('file', type, `${rowsOf(type).slice(0, -1)}${' \n'.repeat(200_000)}`)],
		]),
	)('of %s that breaks off %s takes no row, and holds no transaction', async (type, _, form) => {
		await stack.db.query('DELETE FROM devices');
		expect((await send('POST', '/utils/import/devices', String(form))).status, String(type)).toBe(400);
		expect(await count('devices')).toBe(0);
		await eventually('the transaction ends', async () => (await openTransactions()) === 0);
	});

	it.each(TYPES)('of %s whose sender goes away takes no row, and holds no transaction', async (type) => {
		await stack.db.query('DELETE FROM devices');
		const body = part('file', type, `${rowsOf(type)}${'\n'.repeat(200_000)}`);
		const head = [
			'POST /utils/import/devices HTTP/1.1',
			'Host: localhost',
			`Authorization: Bearer ${stack.token}`,
			`Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
			`Content-Length: ${body.length + 1_000}`,
		];
		const { hostname, port } = new URL(stack.url);
		const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`));
		await eventually('the import waits', async () => (await openTransactions()) === 1);

		socket.destroy();
		await eventually('the transaction ends', async () => (await openTransactions()) === 0);
		expect(await count('devices')).toBe(0);
	});

	const wrong = ['1', '2', '3'].map((imei) => ({ imei, status: 'active' }));

	it.each([
		['application/json', JSON.stringify(wrong)],
		['application/json', `[\n${wrong.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`],
		['text/csv', 'imei,status\nbad,active\n'],
		['text/csv', `imei,status\n${'bad,active\n'.repeat(900)}`],
	])('of %s in which all rows break a rule is refused at once, with row and reason', async (type, rows) => {
		await stack.db.query('DELETE FROM devices');
		const began = Date.now();
		const { status, body } = await send('POST', '/utils/import/devices', file(rows, type) + END);
		expect(status).toBe(400);
		expect(body.errors[0].extensions).toMatchObject({ code: 'FAILED_VALIDATION', field: 'imei' });
		expect(JSON.stringify(body.errors[0].extensions.rows)).toMatch(/\b1\b/);
		// Directus's own patience with an import.
		expect(Date.now() - began).toBeLessThan(60_000);
		expect(await count('devices')).toBe(0);
	});

	it.each([
		['text/csv', `organization,imei,model\n${HOME},350000000000001,Citro\u00ebn\n`],
		['application/json', `[{"organization":"${HOME}","imei":"350000000000001","model":"Citro\u00ebn"}]`],
	])('of %s that is not UTF-8 takes no row and says so', async (type, rows) => {
		await stack.db.query('DELETE FROM devices');
		const form = Buffer.from(file(rows, type) + END, 'latin1');
		const { status, body } = await send('POST', '/utils/import/devices', form);
		expect([status, body.errors[0].message]).toEqual([400, expect.stringContaining('not encoded as UTF-8')]);
		expect(await count('devices')).toBe(0);
		expect((await send('POST', '/utils/import/devices', file(rows, type) + END)).status).toBe(200);
		expect((await stack.db.query('SELECT model FROM devices')).rows).toEqual([{ model: 'Citro\u00ebn' }]);
	});

	it('refuses a row that is none, with its number, and keeps no other', async () => {
		await stack.db.query('DELETE FROM devices');
		for (const none of ['null', '5', '"x"', '[]']) {
			const rows = `[{"organization":"${HOME}","imei":"350000000000001"},${none}]`;
			const { status, body } = await send('POST', '/utils/import/devices', file(rows, 'application/json') + END);
			expect([status, body.errors[0].extensions.code], none).toEqual([400, 'INVALID_PAYLOAD']);
			expect(await count('devices')).toBe(0);
		}
	});

	it('says that its form has no file', async () => {
		const { status, body } = await send('POST', '/utils/import/devices', END);
		expect([status, body.errors[0].message]).toEqual([400, 'Invalid payload. the form has no file']);
	});
});

it.each(['/files', '/utils/import/devices', '/schema/diff'])(
	'a form without a boundary is refused by %s',
	async (path) => {
		const headers = { Authorization: `Bearer ${stack.token}`, 'Content-Type': 'multipart/form-data' };
		expect((await fetch(`${stack.url}${path}`, { method: 'POST', headers, body: 'x' })).status).toBe(400);
	},
);

it('a data model that breaks off is refused', async () => {
	const { status } = await send('POST', '/schema/diff', part('file', 'application/json', '{'));
	expect(status).toBe(400);
});

it('all of it is over in the process that it began in', async () => {
	expect((await stack.api('GET', '/users/me')).status).toBe(200);
	expect(stack.log().match(/Server started/g)).toHaveLength(1);
});
