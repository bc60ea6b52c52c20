import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Job, JobReport, Runtime } from '../lib/command.js';
import { EXIT, Stop } from '../lib/exit-status.js';
import type { Print } from '../lib/log.js';

type Outcome = JobReport & { kind: 'outcome' };
type Place = Pick<Runtime, 'env' | 'root' | 'directory'>;

/**
 * Directus's command line as a child that does one job after another (command-line/index.ts is its other end), because a start costs three
 * seconds of processor and a job a tenth of that. Its own log goes to stderr: stdout is for results.
 */
export class JobsChild {
	readonly #child: ChildProcess;
	readonly #ready: Promise<void>;

	private constructor(child: ChildProcess, ready: Promise<void>) {
		this.#child = child;
		this.#ready = ready;
	}

	/**
	 * @param onLog takes what Directus and the child write to their log
	 * @throws Stop where Directus would not load the bundle
	 */
	static start(place: Place, onLog: (text: string) => void): JobsChild {
		const { directory, env } = findDirectus(place);
		const child = fork(join(place.root, 'scripts/lib/directus-cli.mjs'), ['trm', 'jobs'], {
			cwd: directory,
			env,
			execArgv: [],
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});

		for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onLog);
		const ready = new Promise<void>((succeed, fail) => {
			child.once('message', () => succeed());
			child.once('close', () => fail(new Stop(EXIT.failed, NOT_LOADED)));
			child.once('error', fail);
		});
		// Who runs a job hears of it.
		ready.catch(() => undefined);
		return new JobsChild(child, ready);
	}

	/** The process. */
	get pid(): number | undefined {
		return this.#child.pid;
	}

	/** One at a time. @returns the job's result. @throws Stop with what is wrong */
	async run<Result>({ job, options, failed }: Job, print: Print): Promise<Result> {
		await this.#ready;

		const outcome = await new Promise<Outcome>((succeed, fail) => {
			const onReport = (report: JobReport) => {
				if (report.kind === 'line') print(report.line, report.importance);
				if (report.kind === 'outcome') settle(() => succeed(report));
			};
			const onClose = (code: number | null, signal: string | null) => {
				const line = `Directus ended (${signal ?? `status ${code}`}) before the job ${job} was done`;
				settle(() => fail(new Stop(failed, `${line}; remedy: see the lines above, then repeat the command`)));
			};
			const settle = (end: () => void) => {
				this.#child.off('message', onReport).off('close', onClose);
				end();
			};

			this.#child.on('message', onReport).on('close', onClose);
			this.#child.send({ job, options, failed } satisfies Job);
		});

		if (outcome.status !== EXIT.done) throw new Stop(outcome.status, ...outcome.lines);
		return outcome.result as Result;
	}

	/** Also in the middle of a job, whose transaction is then rolled back. */
	async end(signal?: NodeJS.Signals): Promise<void> {
		const child = this.#child;
		if (child.exitCode !== null || child.signalCode !== null) return;

		const ended = once(child, 'close');
		if (signal !== undefined) child.kill(signal);
		else if (child.connected) child.disconnect();
		await ended;
	}
}

const NOT_LOADED =
	'Directus did not load the bundle, or ended before; remedy: see the lines above, or run with LOG_LEVEL=debug and look for "extension"';

/** @throws Stop that says why Directus would not load the bundle: it starts without extensions, with a warning only. */
function findDirectus({ env, root, directory: given }: Place): { directory: string; env: NodeJS.ProcessEnv } {
	const places = [join(root, 'cli.js'), join(root, 'node_modules/directus/cli.js')];
	const wanted = env['DIRECTUS_CLI'] ? [resolve(given, env['DIRECTUS_CLI'])] : places;
	const cli = wanted.find((path) => existsSync(path));

	if (cli === undefined) {
		const remedy = 'correct DIRECTUS_CLI, or install the packages';
		throw new Stop(EXIT.configuration, `no file ${wanted.join(' or ')}; remedy: ${remedy}`);
	}

	// Directus looks for package.json and extensions/ in its working directory.
	const directory = existsSync(join(given, 'package.json')) ? given : root;

	if (!existsSync(join(directory, 'package.json'))) {
		const line = `Directus would load no extensions: there is no package.json in ${given}`;
		throw new Stop(EXIT.configuration, `${line}; remedy: run from the directory that holds it`);
	}

	const bundle = `${env['EXTENSIONS_PATH'] ?? './extensions'}/trm/dist/api.js`;

	if (!env['EXTENSIONS_LOCATION'] && !existsSync(resolve(directory, bundle))) {
		const line = `the bundle is not built: no ${bundle} seen from ${directory}`;
		throw new Stop(EXIT.configuration, `${line}; remedy: build extensions/trm, or correct EXTENSIONS_PATH`);
	}

	return { directory, env: { ...DEFAULTS, ...env, ...ALWAYS, DIRECTUS_CLI: cli } };
}

/** What the boot sets for the server, for a command that runs without it. */
const DEFAULTS = {
	DB_SEARCH_PATH: 'public',
	REDIS_ENABLED: 'false',
	// The processor's table is no collection.
	DB_EXCLUDE_TABLES: 'positions,spatial_ref_sys',
	// Directus wants a secret to start; a command signs nothing with it.
	SECRET: 'only-for-a-command-about-the-schema-00',
	// Every start logs a dozen lines of no use here.
	LOG_LEVEL: 'warn',
};

/** Bundling the app's extensions takes as long as all the rest of a start, and a command needs none. */
const ALWAYS = { DB_CLIENT: 'pg', SERVE_APP: 'false' };
