import type { Answer } from '../../support/stack.js';
import type { Ask } from './attack.js';
import type { Setting } from './setting.js';

/** What no answer to anybody holds: of the database's and the server's inside. */
const INSIDES: [string, RegExp][] = [
	['a password hash', /\$argon2/],
	['a stack trace', /\n? {4}at .+:\d+:\d+\)?|node_modules/],
	['SQL', /\bselect\b.{1,300}\bfrom "|\binsert into "|\bupdate "\w+" set|\bdelete from "|syntax error at or near/i],
	['the database', /\b(PostgresError|DatabaseError|knex)\b/i],
];

/** @returns what an answer tells that it must not: what stood in the request itself is no news to the attacker. */
export function leaksIn(setting: Setting, [as, method, path, body, headers]: Ask, answer: Answer): string[] {
	const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
	const sent = `${decode(path)} ${typeof body === 'string' ? body : JSON.stringify(body ?? '')} ${JSON.stringify(headers ?? {})}`;
	const ask = `${method} ${path}`.slice(0, 200);

	const secrets = setting
		.secretsFor(as)
		.filter((secret) => text.includes(secret) && !sent.includes(secret))
		.map((secret) => `${ask} tells "${secret}"`);
	const insides = INSIDES.filter(([, pattern]) => pattern.test(text)).map(
		([what]) => `${ask} tells ${what}: ${text.slice(0, 300)}`,
	);
	const broken = answer.status >= 500 || text.includes('"INTERNAL_SERVER_ERROR"');
	return [
		...(broken ? [`${ask} is a server error: ${answer.status} ${text.slice(0, 300)}`] : []),
		...secrets,
		...insides,
	];
}

function decode(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
