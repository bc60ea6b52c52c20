import { createHash, timingSafeEqual } from 'node:crypto';
import type { Accountability } from '@directus/types';
import { forbidden } from '../shared/errors.js';

const SCHEME = /^metrics ([^ ]+)$/i;

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets an administrator pass, and `Authorization: Metrics <token>`, as Directus's own /metrics does.
 * @throws 403 for everybody else.
 */
export function requireMonitor(
	accountability: Accountability | undefined,
	authorization: string | undefined,
	tokens: readonly string[],
): void {
	if (accountability?.admin === true) return;

	const given = digest(SCHEME.exec(authorization ?? '')?.[1] ?? '');
	// Every token is compared, in full: how long it takes tells neither which one nor how much of it was right.
	const matches = tokens.filter((token) => timingSafeEqual(digest(token), given));
	if (matches.length === 0) throw forbidden();
}
