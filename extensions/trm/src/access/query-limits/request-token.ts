import type { Request } from 'express';
import jwt from 'jsonwebtoken';

/** @returns the token that Directus will take from a request, valid or not */
export function tokenOf({ headers, query }: Request, sessionCookie: string): string | undefined {
	const { access_token: asked } = query;
	const sent = /^bearer ([^ ]+)$/i.exec(headers.authorization ?? '')?.[1];
	const cookies = (headers.cookie ?? '').split(/; */).map((cookie) => cookie.split('='));
	const inUrl = typeof asked === 'string' && asked !== '' ? asked : undefined;
	return inUrl ?? sent ?? cookies.find(([name]) => name?.trim() === sessionCookie)?.[1];
}

/** @returns the id of the user to whom we gave the token; undefined for one that is none of ours, or static. */
export function userIn(token: string, secret: string): string | undefined {
	try {
		const { id } = jwt.verify(token, secret, { issuer: 'directus' }) as { id?: unknown };
		return typeof id === 'string' ? id : undefined;
	} catch {
		return undefined;
	}
}
