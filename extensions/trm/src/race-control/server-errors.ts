import type { Api } from './api.js';
import { messages } from './messages.js';

interface ServerAnswer {
	response?: { status?: number; data?: { errors?: { message?: string }[] } };
	message?: string;
}

/** What the server said is wrong, for the operator to read. */
export function messageOf(thrown: unknown): string {
	const { response, message } = thrown as ServerAnswer;
	const told = response?.data?.errors?.map((error) => error.message).filter(Boolean);
	if (told?.length) return told.join(' ');
	return response === undefined ? messages.someoneElse : (message ?? String(thrown));
}

/**
 * What went wrong, for the operator to read, with a session that has ended told from a right that is missing: the server
 * refuses both alike.
 * @param forbidden what a missing right is told as
 */
export async function explain(api: Api, thrown: unknown, forbidden = messageOf): Promise<string> {
	if (!isForbidden(thrown)) return messageOf(thrown);
	return (await hasSession(api)) ? forbidden(thrown) : messages.sessionEnded;
}

/** Whether the server still knows who asks; a server that does not answer leaves it at that. */
export async function hasSession(api: Api): Promise<boolean> {
	return api.get('/users/me', { params: { fields: 'id' } }).then(
		() => true,
		({ response }: ServerAnswer) => response === undefined,
	);
}

export function isForbidden(thrown: unknown): boolean {
	return (thrown as ServerAnswer).response?.status === 403;
}

export function isCancelled(thrown: unknown): boolean {
	return (thrown as { code?: string }).code === 'ERR_CANCELED';
}
