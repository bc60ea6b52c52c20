import { z } from 'zod';

/** zod: what the relay and the commands call the stream and its source, the same for both. */
export const eventNames = {
	EVENT_STREAM: z.string().min(1).max(200).default('trm:events'),
	/** CloudEvents `source`; with `id` it identifies an event everywhere. */
	EVENT_SOURCE: z.string().min(1).max(200).default('/trm-directus'),
};
