import { z } from 'zod';

/** zod: `positions.device_id`, an IMEI in practice; other trackers' identifiers are made of the same characters. */
export const deviceId = z
	.string()
	.regex(
		/^[A-Za-z0-9._:-]{1,64}$/,
		'must be the identifier of a tracker: 1 to 64 letters, digits, ".", "_", ":" or "-"',
	);
