import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<Map<string, Promise<unknown>>>();

/** Runs a request within which rights do not change: what is remembered in it is read once. */
export const withMemory = (request: () => void): void => storage.run(new Map(), request);

/** @returns what was read under this name in the same request; outside of one, or in one that may write, it is read anew. */
export function remembered<T>(name: string, read: () => Promise<T>): Promise<T> {
	const memory = storage.getStore();
	if (memory === undefined) return read();

	const found = (memory.get(name) as Promise<T> | undefined) ?? read();
	memory.set(name, found);
	return found;
}

export const isRead = (method: string): boolean => ['GET', 'HEAD', 'SEARCH', 'OPTIONS'].includes(method);
