import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { root } from './environment.js';

export const PASSWORD = 'of-the-tests';

/** The rules that docs/redis.md gives for a user, as ACL SETUSER takes them. @param heading of the section they stand in */
export function documentedRules(user: string, heading: string): string[] {
	const page = readFileSync(join(root, 'docs/redis.md'), 'utf8');
	const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
	const line = section?.split('\n').find((text) => text.startsWith(`user ${user} `));
	if (line === undefined) throw new Error(`docs/redis.md has no line "user ${user} …" under "${heading}"`);

	// A selector in parentheses is one rule.
	const rules = line.match(/\([^)]*\)|\S+/g) ?? [];
	return rules.slice(2).map((rule) => rule.replace('>PASSWORD', `>${PASSWORD}`));
}

/** Makes the user anew, with these rules and no other. */
export async function setUser(redis: Redis, user: string, rules: string[]): Promise<void> {
	await redis.call('ACL', 'SETUSER', user, 'reset', ...rules);
	await redis.call('ACL', 'LOG', 'RESET');
}

/** What Redis has refused since the user was made: commands and keys. */
export async function denied(redis: Redis): Promise<string[]> {
	const log = (await redis.call('ACL', 'LOG')) as unknown[][];
	return log.map((entry) => String(entry[entry.indexOf('object') + 1]));
}
