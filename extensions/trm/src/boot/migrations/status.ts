import { type Compared, RUNNER_VERSION } from './ledger.js';
import { problemOf } from './differences.js';

/** What `--status --json` prints. */
export function statusAsJson(compared: Compared[], directory: string): object {
	const count = (wanted: string) => compared.filter(({ state }) => state === wanted).length;
	const problems = compared.filter((one) => problemOf(one, directory) !== undefined).length;

	return {
		directory,
		runner_version: RUNNER_VERSION,
		ok: problems === 0,
		applied: count('applied'),
		pending: count('pending'),
		problems,
		files: compared.map(({ filename, state, file, row }) => ({
			filename,
			state,
			expected_sha256: row?.sha256 ?? null,
			found_sha256: file?.sha256 ?? null,
			applied_at: row?.appliedAt ?? null,
			duration_ms: row?.durationMs ?? null,
			runner_version: row?.runnerVersion ?? null,
		})),
	};
}

/** The same for a reader. */
export function statusAsText(compared: Compared[]): string {
	const line = (...[file, state, sha256, appliedAt, ms, runner]: string[]) =>
		[file?.padEnd(44), state?.padEnd(13), sha256?.padEnd(13), appliedAt?.padEnd(25), ms?.padStart(9), ` ${runner}`]
			.join(' ')
			.trimEnd();

	const lines = compared.map(({ filename, state, file, row }) => {
		const appliedAt = row?.appliedAt.replace(/^(.*)T(.*)\..*$/, '$1 $2+00') ?? '';
		const sha256 = (file ?? row)?.sha256.slice(0, 12) ?? '';
		return line(filename, state, sha256, appliedAt, String(row?.durationMs ?? ''), row?.runnerVersion ?? '');
	});

	return [line('file', 'state', 'sha256', 'applied at', 'ms', 'runner'), ...lines].join('\n');
}
