import type { Job, JobReport, JobWork } from '../lib/command.js';
import { EXIT, stopFor } from '../lib/exit-status.js';

/** Does one job after another for the parent, and ends with it: a child alone would hold its transaction open. */
export function serveJobs(jobs: Record<string, JobWork>): void {
	if (process.send === undefined) {
		process.stderr.write('trm jobs is started by scripts/trm, which has commands for it: scripts/trm --help\n');
		process.exit(EXIT.usage);
	}

	const report = (what: JobReport) => void process.send?.(what);
	process.on('disconnect', () => process.exit(EXIT.done));
	process.on('message', async (job: Job) => report(await outcomeOf(jobs, job, report)));
	report({ kind: 'ready' });
}

async function outcomeOf(
	jobs: Record<string, JobWork>,
	{ job, options, failed }: Job,
	report: (what: JobReport) => void,
): Promise<JobReport> {
	try {
		const work = jobs[job];
		if (work === undefined) throw new Error(`this bundle knows no job ${job}; remedy: build it and trm.js together`);

		const result = await work(options as never, (line, importance) => {
			report({ kind: 'line', line, ...(importance === undefined ? {} : { importance }) });
		});

		return { kind: 'outcome', status: EXIT.done, lines: [], result };
	} catch (error) {
		const { status, lines } = stopFor(error, failed);
		return { kind: 'outcome', status, lines };
	}
}
