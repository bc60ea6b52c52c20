import type { Request } from 'express';

/**
 * The parts of a request's path: Directus's routers take `/utils//sort/x` and `/Utils/sort/x/` for `/utils/sort/x`, so what stands
 * before them may not tell these apart either.
 */
export function segmentsOf({ path }: Pick<Request, 'path'>): string[] {
	return path
		.split('/')
		.filter((segment) => segment !== '')
		.map(decoded);
}

/** What cannot be decoded names no route. */
function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

/** Whether the path begins with these parts, as Express compares them. */
export function isBelow(segments: string[], ...route: string[]): boolean {
	return route.every((part, index) => segments[index]?.toLowerCase() === part);
}
