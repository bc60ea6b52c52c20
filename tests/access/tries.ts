import type { Stack } from '../support/stack.js';
import { inParallel } from './client.js';
import { Evidence, type Expectation } from './evidence.js';
import type { Role } from './roles.js';
import { ALLOWED, REFUSED, toText, type Verdict } from './verdict.js';

export const APIS = ['REST', 'GraphQL'] as const;
export type Api = (typeof APIS)[number];

/** One cell by one API: what is sent, what must come back, and what must be in the database afterwards. */
export interface Try {
	/** the line of the table, as its labels name it */
	line: string;
	role: Role;
	action: string;
	api: Api;
	/** each of them must come to what `expectation.allowed` says */
	requests: (() => Promise<Verdict>)[];
	expectation: Expectation;
}

export interface Outcome {
	cells: number;
	/** cells of which anything went otherwise than the table says, by either API */
	failed: Set<string>;
	/** what went otherwise, by line of the table: a text for each cell and API */
	failures: Map<string, string[]>;
}

/** Makes all tries, the administrator's last: they clear caches that the others live on. */
export async function makeTries(stack: Stack, tries: Try[]): Promise<Outcome> {
	const evidence = await Evidence.collect(
		stack,
		tries.map(({ expectation }) => expectation),
	);
	const verdicts = new Map<Try, Verdict[]>();

	const work = async (one: Try) => {
		const results: Verdict[] = [];
		for (const request of one.requests) results.push(await request());
		verdicts.set(one, results);
	};

	const isLast = ({ role }: Try) => role === 'administrator';
	await inParallel(
		tries.filter((one) => !isLast(one)),
		work,
	);
	await inParallel(tries.filter(isLast), work);

	const after = await evidence.again();
	const outcome: Outcome = { cells: new Set(tries.map(cellOf)).size, failures: new Map(), failed: new Set() };

	for (const one of tries) {
		const wanted = one.expectation.allowed ? ALLOWED : REFUSED;
		const came = (verdicts.get(one) ?? []).filter((verdict) => verdict !== wanted).map(toText);
		came.push(...after.contradictions(one.expectation));
		if (came.length === 0) continue;

		outcome.failed.add(cellOf(one));
		const text = `${one.role} ${one.action} ${one.line} by ${one.api}: expected ${wanted}, came ${came.join('; ')}`;
		outcome.failures.set(one.line, [...(outcome.failures.get(one.line) ?? []), text]);
	}

	return outcome;
}

const cellOf = ({ line, role, action }: Try) => `${line} ${role} ${action}`;
