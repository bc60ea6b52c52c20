import { createHash, timingSafeEqual } from 'node:crypto';
import type { Accountability } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../../lib/errors.js';
import { permissionsOf } from '../../access/held-permissions.js';

const SCHEME = /^metrics ([^ ]+)$/i;

const digest = (text: string) => createHash('sha256').update(text).digest();

/** A folder of the snapshot: it holds no items, and a permission to read it is the right to see how the stream is. */
const RESOURCE = 'event_stream';

/**
 * Lets pass an administrator, whoever has the permission to read `event_stream`, and `Authorization: Metrics <token>`, as
 * Directus's own /metrics does.
 * @throws 403 for everybody else.
 */
export async function requireMonitor(
	database: Knex,
	accountability: Accountability | undefined,
	authorization: string | undefined,
	tokens: readonly string[],
): Promise<void> {
	if (accountability?.admin === true || hasToken(authorization, tokens)) return;

	const held = accountability ? await permissionsOf(database, accountability, 'read', RESOURCE) : [];
	if (held.length === 0) throw forbidden();
}

/** Whether the header carries one of the tokens. */
export function hasToken(authorization: string | undefined, tokens: readonly string[]): boolean {
	const given = digest(SCHEME.exec(authorization ?? '')?.[1] ?? '');
	// Every token is compared, in full: how long it takes tells neither which one nor how much of it was right.
	return tokens.filter((token) => timingSafeEqual(digest(token), given)).length > 0;
}
