import { afterAll } from 'vitest';
import { reportCounts } from '../support/report-counts.js';
import { useServedStack } from '../support/served.js';
import { authoritySubjects } from './authority-subjects.js';
import { catalogueSubjects } from './catalogue-subjects.js';
import { Client } from './client.js';
import { eventSubjects } from './event-subjects.js';
import { membershipSubjects } from './membership-subjects.js';
import { Batch } from './rows.js';
import { systemSubjects } from './system-subjects.js';
import { makeTries, type Outcome, type Try } from './tries.js';
import { makeWorld, type World } from './world.js';

export const subjects = {
	...catalogueSubjects,
	...eventSubjects,
	...membershipSubjects,
	...authoritySubjects,
	...systemSubjects,
};

/** What a file of the matrix tries its lines with, and what came of it. */
export interface Matrix {
	world: World;
	client: Client;
	outcome: Outcome;
	/** what came otherwise than a line of a table says; one text for each cell and API */
	failuresOf: (line: string) => string[];
}

interface Parts {
	plan: (given: { world: World; batch: Batch }, client: Client) => Try[];
	/** what is tried after all rows */
	last?: (matrix: Matrix) => Promise<void>;
}

/**
 * Makes a world of its own for a file of tests, and all its tries before the first test.
 */
export function setUpMatrix({ plan, last }: Parts): () => Matrix {
	let client: Client;
	let matrix: Matrix;

	useServedStack(async (stack) => {
		const world = await makeWorld(stack);
		client = new Client(stack.url, world.tokens);

		const batch = new Batch();
		const tries = plan({ world, batch }, client);
		await batch.insert(stack);

		const began = Date.now();
		const outcome = await makeTries(stack, tries);
		matrix = { world, client, outcome, failuresOf: (line) => outcome.failures.get(line) ?? [] };
		await last?.(matrix);
		console.log(`${outcome.cells} cells, ${client.requests} requests, ${(Date.now() - began) / 1000} s`);
	});

	afterAll(({}, suite) => {
		reportCounts(suite, {
			cells: matrix?.outcome.cells ?? 0,
			cells_failed: matrix?.outcome.failed.size ?? 1,
			server_errors: client?.serverErrors.length ?? 0,
		});
	});

	return () => matrix;
}

export const nameOf = ({ labels }: { labels: string[] }) => labels.join(' ');
