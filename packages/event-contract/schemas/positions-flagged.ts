import { z } from 'zod';
import { count, instant, text, uuid } from './scalars.js';

export const positionsFlagged = z
	.looseObject({
		request: uuid.describe('The same for all events of one call'),
		flag: uuid.describe('The position_flags item'),
		device_id: text.describe('positions.device_id'),
		faulty: z.boolean().describe('true: the fixes were flagged; false: the flag was taken away'),
		reason: text.nullable().describe('What the operator gave'),
		from: instant.describe('Inclusive; [from, to) holds every fix whose flag changed'),
		to: instant.describe('Exclusive'),
		keys: z
			.array(instant)
			.nullable()
			.describe('Exactly the fixes that changed, when the call named fixes and at most 1,000 changed'),
		ranges: z
			.array(z.looseObject({ from: instant, to: instant }))
			.nullable()
			.describe('The half-open ranges of the call, joined where they overlap, when it named ranges'),
		matched: count.describe('Fixes that the call named and that exist'),
		changed: count.describe('Fixes whose flag changed'),
		user: uuid.nullable().describe('The operator'),
	})
	.describe('Fixes of one device were flagged or unflagged: compute again whatever used them');
