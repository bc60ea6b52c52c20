/** This replica cannot talk to Redis: another one may. */
export class RedisUnusableError extends Error {
	override name = 'RedisUnusableError';
}

/** Redis answers, and takes no entries: whichever replica asks. */
export class RedisRefusesError extends Error {
	override name = 'RedisRefusesError';
}

/** How Redis says that it, and not the event, is the reason: by codes, but for rights that lack in the middle of a script. */
const SERVER_STATES =
	/\b(OOM|READONLY|LOADING|MASTERDOWN|NOAUTH|WRONGPASS|NOPERM|MISCONF|CLUSTERDOWN|NOREPLICAS|BUSY|TRYAGAIN|WRONGTYPE|UNKILLABLE)\b|The user executing the script can't|ACL failure in script|unknown command|\bNOSCRIPT\b/;

/** @param message of an error reply; a script's errors carry the code of the command in them, in Redis 6 not at the beginning. */
export function isServerState(message: string): boolean {
	return SERVER_STATES.test(message);
}

export function isReadOnly(message: string): boolean {
	return /\bREADONLY\b/.test(message);
}

/** A server that is read-only is so whoever asks; and the connection that is made anew then is no reason to give up the lead. */
export function failureOf(message: string): RedisUnusableError | RedisRefusesError {
	return isReadOnly(message) ? new RedisRefusesError(message) : new RedisUnusableError(message);
}

/** No reply came within the time that ioredis was given. */
export function isOverdue(message: string): boolean {
	return message === 'Command timed out';
}

/** What ioredis says of itself when a connection ends under a command: names of its options, and not why it ended. */
export function saysNothing({ name, message }: Error): boolean {
	return name === 'MaxRetriesPerRequestError' || message.startsWith("Stream isn't writeable");
}
