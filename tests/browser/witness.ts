import { settledStream } from '../support/events.js';
import type { Stack } from '../support/stack.js';

/** What the database says of a fix, whatever the page shows. */
export async function isFaulty({ db }: Stack, deviceId: string, ts: string): Promise<boolean | undefined> {
	const { rows } = await db.query<{ faulty: boolean }>(
		'SELECT faulty FROM positions WHERE device_id = $1 AND ts = $2::timestamptz',
		[deviceId, ts],
	);

	return rows[0]?.faulty;
}

/** What the stream says of flags, the oldest first. */
export async function flaggedEvents(stack: Stack) {
	return (await settledStream(stack)).filter(({ fields }) => fields['type'] === 'trm.positions.flagged');
}
