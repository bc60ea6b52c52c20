import { z } from 'zod';
import { count, instant, sequence, text, uuid } from './scalars.js';

const range = z.looseObject({ from: sequence, to: sequence });
const sequenceOrNone = z.int().min(0);

export const streamRebuilt = z
	.looseObject({
		found: sequenceOrNone.describe('Sequence at which the stream was found to end; 0 when it was empty'),
		published: sequenceOrNone.describe('Sequence up to which it had been published'),
		from: sequence.describe('First sequence that is sent again; past `to` when none is left'),
		to: sequenceOrNone.describe('Last sequence that is sent again'),
		missing: range.nullable().describe('Sequences that are no longer retained and cannot be sent again'),
	})
	.describe('Redis had lost entries; they were sent again with the ids they had');

export const streamRewound = z
	.looseObject({
		from: sequence.describe('First sequence that is undone'),
		to: sequence.describe('Last sequence that is undone'),
		events: z.int().min(0).describe('How many undone events were read in the stream'),
		subjects: z
			.array(text)
			.nullable()
			.describe('Distinct subjects to read again; null when more than 1,000, or when nobody knows'),
		kept: z.int().min(0).describe('Events in that range that the database still knows; they keep their sequence'),
	})
	.describe(
		'The database was restored from an older backup and does not know events that are in the stream: they are undone',
	);

export const streamParked = z
	.looseObject({
		event: uuid.describe('`id` of the event that could not be sent'),
		type: text.describe('Its type'),
		subject: text.describe('Its subject: read it from the database'),
		time: instant.describe('When its change was made'),
		attempts: count.describe('How often sending it was tried'),
		error: text.describe('What Redis answered last'),
	})
	.describe('Stands in the place of an event that could not be sent');
