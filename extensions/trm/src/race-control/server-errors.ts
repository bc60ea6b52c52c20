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

export function isForbidden(thrown: unknown): boolean {
	return (thrown as ServerAnswer).response?.status === 403;
}

export function isCancelled(thrown: unknown): boolean {
	return (thrown as { code?: string }).code === 'ERR_CANCELED';
}
