import type { Request } from 'express';

/** Requests that change nothing, and those by which a browser asks beforehand. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Where the pages may come from that use a browser's session: Directus's variables of these names. */
export interface OriginSettings {
	PUBLIC_URL?: unknown;
	CORS_ENABLED?: unknown;
	/** true for every page, a text or a regular expression for some, or a list of these */
	CORS_ORIGIN?: unknown;
}

interface Sent {
	method: string;
	origin: string | undefined;
	host: string | undefined;
	/** whether a cookie of Directus's came along, which browsers add to what any page sends */
	hasCookie: boolean;
}

/**
 * Whether a page of elsewhere has a browser change something by the session of whoever sits before it. SameSite keeps only other sites
 * away: another port of the host, or another host of the domain, is the same site. What has no Origin comes from no page.
 */
export function isForged({ method, origin, host, hasCookie }: Sent, settings: OriginSettings): boolean {
	if (SAFE_METHODS.has(method) || !hasCookie || origin === undefined) return false;

	const page = hostIn(origin);
	if (page === null) return true;
	if (page === hostIn(settings.PUBLIC_URL)) return false;
	// A port that goes without saying is left out of one and may stand in the other.
	if (host !== undefined && page === hostIn(`${new URL(origin).protocol}//${host}`)) return false;
	return settings.CORS_ENABLED !== true || !isAllowed(origin, settings.CORS_ORIGIN);
}

/** As the package cors compares them; but to `*` browsers give no session. */
function isAllowed(origin: string, allowed: unknown): boolean {
	if (Array.isArray(allowed)) return allowed.some((one) => isAllowed(origin, one));
	if (allowed instanceof RegExp) return allowed.test(origin);
	return allowed === true || (allowed !== '*' && allowed === origin);
}

function hostIn(url: unknown): string | null {
	return typeof url === 'string' && URL.canParse(url) ? new URL(url).host || null : null;
}

/** A provider of sign-ins posts its answer from its own site; it needs no session, and signs in by what it carries. */
export function isAnswerOfProvider([auth, login, , step]: string[]): boolean {
	return `${auth}/${login}`.toLowerCase() === 'auth/login' && ['acs', 'callback'].includes(String(step).toLowerCase());
}

/** @param names of the cookies by which Directus knows a browser */
export function sentBy({ method, headers, cookies }: Request, names: unknown[]): Sent {
	const { origin, host } = headers;
	const sent = (cookies ?? {}) as Record<string, unknown>;
	return { method, origin, host, hasCookie: names.some((name) => Object.hasOwn(sent, String(name))) };
}
