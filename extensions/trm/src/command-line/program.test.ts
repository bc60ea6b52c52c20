import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine, type Job, type Runtime } from '../lib/command.js';
import { EXIT, Stop } from '../lib/exit-status.js';
import type { Print } from '../lib/log.js';
import { openProgram } from './program.js';

let root: string;

beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), 'trm-program-'));
	writeFileSync(join(root, 'schema.yaml'), 'version: 1\n');
});

afterAll(() => rmSync(root, { recursive: true }));

/** What the arguments come to: the jobs that they ask for, and what is printed where. */
async function parse(args: string[], env: Record<string, string> = {}, work: (print: Print) => unknown = () => ({})) {
	const jobs: Job[] = [];
	let [stdout, stderr] = ['', ''];
	const say = (line: string) => void (stderr += `${line}\n`);

	const runtime: Runtime = {
		env: { SNAPSHOT_PATH: 'schema.yaml', ...env },
		root,
		directory: root,
		out: (text) => void (stdout += text),
		log: { info: say, error: say },
		withSql: () => Promise.reject(new Stop(EXIT.unavailable, 'no session here')),
		runJob: async <Result>(job: Job, print: Print) => {
			jobs.push(job);
			return work(print) as Result;
		},
	};

	return { status: await runCommandLine(openProgram(runtime), args, runtime.log), jobs, stdout, stderr };
}

describe('trm', () => {
	it.each([
		['schema', 'applly'],
		['schema', 'apply', '--dry'],
		['schema', 'apply', 'extra'],
		['config', 'apply', '--everything'],
		['config', 'diff', '--yaml'],
		['seed', 'load'],
		['events', 'retry'],
		['events', 'retry', 'no-id'],
		['events', 'retry', '--all', '00000000-0000-4000-8000-00000000005e'],
		['events', 'replay', '--from', '0', '--stream', 'x'],
		['nonsense'],
	])('ends with 64 on %s %s %s, and says why on stderr', async (...args) => {
		const { status, jobs, stdout, stderr } = await parse(args);
		expect({ status, jobs, stdout }).toEqual({ status: EXIT.usage, jobs: [], stdout: '' });
		expect(stderr).not.toBe('');
	});

	it('prints its help on stdout, and ends well', async () => {
		const { status, stdout } = await parse(['schema', 'apply', '--help']);
		expect(status).toBe(EXIT.done);
		expect(stdout).toContain('--dry-run');
	});

	it('sees paths from the directory of the caller, and a flag before the environment', async () => {
		const { jobs } = await parse(['schema', 'apply', '--access', 'a.yaml'], {
			ACCESS_PATH: 'other.yaml',
			SETTINGS_PATH: '/settings.yaml',
		});
		expect(jobs).toEqual([
			{
				job: 'schema-apply',
				options: {
					snapshotPath: join(root, 'schema.yaml'),
					accessPath: join(root, 'a.yaml'),
					settingsPath: '/settings.yaml',
					allow: { schema: false, access: false },
					dryRun: false,
				},
				failed: EXIT.failed,
			},
		]);
	});

	it('without variables works from the files of the release', async () => {
		const { jobs } = await parse(['schema', 'drift'], { SNAPSHOT_PATH: '' });
		expect(jobs).toEqual([]);
		expect((await parse(['config', 'snapshot'])).jobs[0]?.options).toMatchObject({
			accessPath: join(root, 'snapshots/access.yaml'),
		});
	});

	it('ends with 1 for what differs, and with 78 for a variable or a file that is wrong', async () => {
		expect((await parse(['schema', 'apply', '--dry-run'], {}, () => ({ isPending: true }))).status).toBe(1);
		const report = { same: false, access: null, settings: null };
		expect((await parse(['config', 'diff', '--json'], {}, () => report)).stdout).toBe(
			`${JSON.stringify(report, null, '\t')}\n`,
		);
		expect((await parse(['config', 'diff'], {}, () => report)).status).toBe(1);
		expect((await parse(['schema', 'apply'], { SNAPSHOT_PATH: root })).status).toBe(EXIT.configuration);
		expect((await parse(['schema', 'apply'], { ACCESS_ALLOW_DELETE: 'perhaps' })).status).toBe(EXIT.configuration);
	});

	it('asks a comparison to end with 70 where it fails, since 1 means "different"', async () => {
		const failedOf = async (...args: string[]) => (await parse(args, {}, () => ({ same: true }))).jobs[0]?.failed;
		expect(await failedOf('schema', 'apply')).toBe(EXIT.failed);
		expect(await failedOf('schema', 'apply', '--dry-run')).toBe(EXIT.notCompared);
		expect(await failedOf('config', 'apply')).toBe(EXIT.failed);
	});

	it('prints creations for a dry run and for LOG_LEVEL=debug only', async () => {
		const tell = (print: Print) => {
			print('plan: create role "A"', 'detail');
			print('access: 1 role written and verified');
			return { isPending: false };
		};
		const linesOf = async (args: string[], env = {}) => (await parse(args, env, tell)).stdout.split('\n').length - 1;
		expect(await linesOf(['schema', 'apply'])).toBe(1);
		expect(await linesOf(['schema', 'apply', '--dry-run'])).toBe(2);
		expect(await linesOf(['schema', 'apply'], { LOG_LEVEL: 'debug' })).toBe(2);
	});

	it('skips a snapshot that is absent, without a database', async () => {
		const { status, jobs, stdout } = await parse(['schema', 'apply'], { SNAPSHOT_PATH: '/nowhere' });
		expect({ status, jobs }).toEqual({ status: EXIT.done, jobs: [] });
		expect(stdout).toBe('no snapshot at /nowhere (absent or empty): skipped\n');
	});
});
