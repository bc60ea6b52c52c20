import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Credentials } from './credentials.js';

const OPERATOR = 'operator@example.com';

let directory: string;
let file: string;

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'trm-credentials-'));
	file = join(directory, 'users.csv');
});

afterEach(() => rm(directory, { recursive: true }));

const write = (text: string) => writeFile(file, text, { mode: 0o600 });

it('makes another password for each user, one that the strict policy of Directus takes, and tokens for services', async () => {
	const credentials = await Credentials.open(file);
	const users = Array.from({ length: 200 }, (_, index) =>
		credentials.secretFor(`user-${index}@example.com`, 'operator'),
	);
	const passwords = users.map((secret) => ('password' in secret ? secret.password : ''));

	expect(new Set(passwords).size).toBe(200);

	for (const password of passwords) {
		expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z2-9]{5}(_[a-zA-Z2-9]{5}){3}$/);
	}

	expect(credentials.secretFor('processor@example.com', 'processor')).toEqual({
		token: expect.stringMatching(/^[\w-]{43}$/),
	});
});

it('tells nothing before it is saved, and then the file of its owner alone does', async () => {
	const credentials = await Credentials.open(file);
	const secret = credentials.secretFor(OPERATOR, 'operator') as { password: string };
	credentials.secretFor('metrics@example.com', 'metrics');
	expect(await readdir(directory)).toEqual([]);

	await credentials.save();
	expect(await readdir(directory)).toEqual(['users.csv']);
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect(await readFile(file, 'utf8')).toMatch(
		new RegExp(
			`^email,role,password,token\n${OPERATOR},operator,${secret.password},\nmetrics@example.com,metrics,,[\\w-]{43}\n$`,
		),
	);
});

it('gives what the file tells, so that a load that was killed after writing it is completed with the same', async () => {
	const first = await Credentials.open(file);
	const secret = first.secretFor(OPERATOR, 'operator');
	await first.save();

	const second = await Credentials.open(file);
	expect(second.has(OPERATOR)).toBe(true);
	expect(second.secretFor(OPERATOR, 'operator')).toEqual(secret);
	expect(second.secretFor('marshal@example.com', 'marshal')).not.toEqual(secret);
	await second.save();
	expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);
});

it('keeps what a person has written into it', async () => {
	await write(`email,role,password,token\n${OPERATOR},operator,"a, comma",`);
	const credentials = await Credentials.open(file);
	expect(credentials.secretFor(OPERATOR, 'operator')).toEqual({ password: 'a, comma' });
	credentials.secretFor('marshal@example.com', 'marshal');
	await credentials.save();
	expect(await readFile(file, 'utf8')).toMatch(/"a, comma",\nmarshal@example.com,marshal,[^,\n]+,\n$/);
});

it('refuses a file that others could have read or written', async () => {
	await write('');
	await chmod(file, 0o640);
	await expect(Credentials.open(file)).rejects.toThrow(`${file} is not the file of this user alone`);
	expect((await stat(file)).mode & 0o777).toBe(0o640);
});

it('refuses what is no file, and a directory that is not there, naming it', async () => {
	await symlink('/dev/null', file);
	await expect(Credentials.open(file)).rejects.toThrow(`${file} is no ordinary file`);
	const missing = join(directory, 'missing', 'users.csv');
	await expect(Credentials.open(missing)).rejects.toThrow(`${missing} cannot be used for credentials: ENOENT`);
});

it.each([
	['a column too many', 'email,role,password,token\na@example.com,operator,x,,y\n', ':2: is no line of a CSV file'],
	['another header', 'email,password\na@example.com,x\n', ':1: is not the header'],
	['another header alone', 'x\n', ':1: is not the header'],
	['neither', 'email,role,password,token\na@example.com,operator,,\n', ': row 1: password and token'],
	['both', 'email,role,password,token\na@example.com,operator,x,y\n', ': row 1: password and token'],
])('refuses a file with %s, naming the place and no password', async (_, text, place) => {
	await write(text);
	const problem = await Credentials.open(file).catch((error: Error) => error.message);
	expect(problem).toContain(`${file}${place}`);
	expect(problem).not.toMatch(/\bx\b/);
});
