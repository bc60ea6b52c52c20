import { randomBytes, randomInt } from 'node:crypto';
import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { problemsOf } from '../../extensions/trm/src/lib/zod-problems.js';
import { USER_ROLES } from './user-roles.js';

/** What a user signs in with, as Directus's fields of the same names. */
export type Secret = { password: string } | { token: string };

const HEADER = 'email,role,password,token';

const line = z
	.strictObject({ email: z.string().min(1), role: z.string(), password: z.string(), token: z.string() })
	.refine(({ password, token }) => (password === '') !== (token === ''), {
		path: ['password'],
		message: 'and token: one of them must be given, and only one',
	});

/**
 * The file that tells the passwords and tokens of the seeded users: CSV, for its owner alone, and the only place where they can
 * be read.
 *
 * It is written before the load commits, and a user who is created takes what stands there already. So a load that is killed
 * or refused at any point loses nothing: at worst the file tells what somebody will sign in with once a load has succeeded.
 * Deriving passwords from SECRET would need no file, but then whoever learns SECRET has every password too, also after SECRET
 * was changed.
 */
export class Credentials {
	readonly path: string;
	readonly #text: string;
	readonly #known: Map<string, Secret>;
	readonly #made: string[] = [];

	private constructor(path: string, text: string) {
		this.path = path;
		this.#text = text;
		this.#known = secretsIn(path, text);
	}

	/**
	 * Reads the file, which need not exist, and tries whether it can be written.
	 * @throws Error naming the file and the remedy.
	 */
	static async open(file: string): Promise<Credentials> {
		const path = resolve(file);
		await requirePrivate(path);

		try {
			const text = await readFile(path, 'utf8').catch(emptyIfMissing);
			await rm(await newFile(path, ''));
			return new Credentials(path, text);
		} catch (error) {
			if (!isSystemError(error)) throw error;
			throw new Error(`${path} cannot be used for credentials: ${error.message}. Name a file that can be written.`, {
				cause: error,
			});
		}
	}

	has(email: string): boolean {
		return this.#known.has(email);
	}

	/** The secret of a user who is about to be created: the one that the file tells, or a new one for `save` to write. */
	secretFor(email: string, role: string): Secret {
		const told = this.#known.get(email);
		if (told !== undefined) return told;

		const secret = USER_ROLES[role]?.secret === 'token' ? { token: newToken() } : { password: newPassword() };
		const [password, token] = 'token' in secret ? ['', secret.token] : [secret.password, ''];
		this.#known.set(email, secret);
		this.#made.push(`${email},${role},${password},${token}`);
		return secret;
	}

	/** Adds what was made to the file, as a whole or not at all, and on the disk when it returns. */
	async save(): Promise<void> {
		if (this.#made.length === 0) return;
		const before = this.#text === '' ? [HEADER] : [this.#text.trimEnd()];
		const made = await newFile(this.path, [...before, ...this.#made, ''].join('\n'));
		await rename(made, this.path);
		const directory = await open(dirname(this.path));
		await directory.sync().finally(() => directory.close());
	}
}

/** Others could have read what stands there, or put it there. */
async function requirePrivate(path: string): Promise<void> {
	const found = await lstat(path).catch(() => null);
	if (found === null) return;

	if (!found.isFile()) throw new Error(`${path} is no ordinary file. Give --credentials a file of its own.`);
	if ((found.mode & 0o077) === 0 && found.uid === process.getuid?.()) return;
	throw new Error(
		`${path} is not the file of this user alone. Make it so (chown, chmod 600) if you trust what it says, or name another one.`,
	);
}

/** @returns the path of a file beside `path` that only this user can read. */
async function newFile(path: string, text: string): Promise<string> {
	const name = `${path}.new`;
	await rm(name, { force: true });
	const file = await open(name, 'wx', 0o600);

	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}

	return name;
}

function secretsIn(path: string, text: string): Map<string, Secret> {
	if (text === '') return new Map();
	if (text.split(/\r?\n/, 1)[0] !== HEADER) throw unreadable(`${path}:1`, 'is not the header of such a file');
	let records: unknown[];

	try {
		records = parse(text, { columns: true, skip_empty_lines: true, trim: true });
	} catch (error) {
		const at = error instanceof CsvError && typeof error['lines'] === 'number' ? `:${error['lines']}` : '';
		throw unreadable(`${path}${at}`, 'is no line of a CSV file', error);
	}

	return new Map(
		records.map((record, index) => {
			const parsed = line.safeParse(record);

			if (!parsed.success) {
				const [problem] = problemsOf(parsed.error);
				throw unreadable(path, `row ${index + 1}: ${problem?.path} ${problem?.message}`, parsed.error);
			}

			const { email, password, token } = parsed.data;
			return [email, token === '' ? { password } : { token }];
		}),
	);
}

function unreadable(place: string, problem: string, cause?: unknown): Error {
	return new Error(`${place}: ${problem}. Correct it (the header is ${HEADER}), or name another file.`, { cause });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
	return error instanceof Error && 'syscall' in error;
}

function emptyIfMissing(error: unknown): string {
	if (isSystemError(error) && error.code === 'ENOENT') return '';
	throw error;
}

/** To be read aloud and typed: no 0 O 1 l I, four groups. 57^20 of them, more than 2^116. */
const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** With what Directus's strict password policy asks for: small and capital letters, a digit and a sign. */
function newPassword(): string {
	for (;;) {
		const groups = Array.from({ length: 4 }, () =>
			Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
		);
		const password = groups.join('_');
		if ([/[a-z]/, /[A-Z]/, /[2-9]/].every((kind) => kind.test(password))) return password;
	}
}

function newToken(): string {
	return randomBytes(32).toString('base64url');
}
