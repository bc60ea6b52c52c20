import { v5 } from 'uuid';

/** Never to be changed: every id of every seed is derived from it. */
const NAMESPACE = '6f0d9b5e-3c1a-5b57-9d0c-2f6a1d7c8e42';

/** The id of a seeded item: the same on every machine, so that loading twice means the same rows. */
export function seededId(collection: string, key: string): string {
	return v5(`${collection}:${key}`, NAMESPACE);
}
