/** As Postgres writes it, whatever its version: keys that other programs made need not have one. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether Postgres would take the value for a key; it refuses to look for another. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
