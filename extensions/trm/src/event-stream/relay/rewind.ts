import type { Outbox, OwnEvent } from './outbox.js';
import type { EventStream, StreamEnd } from './stream.js';

/** More subjects than that are not listed: whoever reads the event reads everything again. */
const MOST_SUBJECTS = 1_000;

/** What lies in a part of the stream that the database has given to nobody, or to somebody else. */
interface Survey {
	/** events of this source that the database knows, and that keep their place */
	kept: { id: string; seq: number }[];
	/** how many events of this source the database does not know: they are undone */
	undone: number;
	undoneSubjects: Set<string>;
	/** how many entries are no events of this source */
	foreign: number;
}

/**
 * Goes on after a stream whose end the database did not make. Events in it that the database knows keep their place and
 * are not sent again; of events that it does not know (it was restored from an older backup) an event tells.
 * @param from the first sequence that the stream uses otherwise than the database.
 * @returns what to log.
 */
export async function goOnAfter(stream: EventStream, outbox: Outbox, from: number, end: StreamEnd): Promise<string> {
	const survey = await surveyFrom(stream, outbox, from, end.seq);
	const { kept, undone, undoneSubjects, foreign } = survey;

	// Nothing left to read there: it was trimmed, and what it was cannot be told from events of ours.
	const isRewound = undone > 0 || (foreign === 0 && kept.length === 0);
	const subjects = undone > 0 && undoneSubjects.size <= MOST_SUBJECTS ? [...undoneSubjects] : null;

	const event: OwnEvent = {
		type: 'trm.stream.rewound',
		data: { from, to: end.seq, events: undone, subjects, kept: kept.length },
	};

	await outbox.renumber(from, kept, end.seq, isRewound ? event : null);

	const where = `the stream ends at ${end.seq}; from ${from} on it is not the database's.`;
	const found = `Found there: ${kept.length} events that the database knows, ${undone} that it does not, ${foreign} entries of somebody else.`;

	const cause = isRewound
		? 'Was Postgres restored from a backup? A trm.stream.rewound event says what is undone.'
		: foreign > 0
			? 'Now somebody else writes the stream: give each database a stream of its own (EVENT_STREAM).'
			: 'Nothing is undone.';

	return `${where} ${found} ${cause} New events follow after it.`;
}

async function surveyFrom(stream: EventStream, outbox: Outbox, from: number, to: number): Promise<Survey> {
	const survey: Survey = { kept: [], undone: 0, undoneSubjects: new Set(), foreign: 0 };

	for await (const page of stream.entries(from, to)) {
		const own = page.filter(({ isOwn }) => isOwn);
		const known = await outbox.findAmong(
			own.map(({ id }) => id),
			from,
		);

		survey.foreign += page.length - own.length;

		for (const { id, seq, subject } of own) {
			if (known.has(id)) {
				survey.kept.push({ id, seq });
				continue;
			}

			survey.undone += 1;
			if (survey.undoneSubjects.size <= MOST_SUBJECTS) survey.undoneSubjects.add(subject);
		}
	}

	return survey;
}
