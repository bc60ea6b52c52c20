import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Command as Program } from 'commander';
import type { Knex } from 'knex';
import type { Command, Report } from './resident-cli.js';

// Directus's command line for command after command: what run.js of @directus/api does once, as often as the test asks.
// Whatever is thrown past a command ends the process, as it would the real one, and fails the test.

type Environment = Record<string, unknown>;

interface Directus {
	createCli(): Promise<Program>;
	/** The one connection pool. */
	database(): Knex;
	flushCaches(forced: boolean): Promise<void>;
}

/** Unwinds the command that asked for the end of the process. */
class Exit extends Error {
	override name = 'Exit';
}

const cli = realpathSync(process.env['DIRECTUS_CLI'] ?? 'DIRECTUS_CLI');
const api = (module: string) => createRequire(cli).resolve(`@directus/api/${module}`);
const urlOf = (path: string) => pathToFileURL(path).href;
const environmentModule = urlOf(createRequire(api('cli/index')).resolve('@directus/env'));

const report = (what: Report) => void process.send?.(what);

let status: number | null = null;

process.exit = (code) => {
	status ??= Number(code ?? process.exitCode ?? 0);
	throw new Exit(`process.exit(${status})`);
};

for (const stream of ['stdout', 'stderr'] as const) {
	process[stream].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
		report({ stream, text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
		const written = rest.at(-1);
		if (typeof written === 'function') written();
		return true;
	};
}

let starts = 0;

/** Makes process.env, and what Directus makes of it, the environment of a process that starts with these variables. */
async function setEnvironment(env: Record<string, string>): Promise<void> {
	for (const name of Object.keys(process.env)) {
		if (!(name in env)) Reflect.deleteProperty(process.env, name);
	}

	Object.assign(process.env, env);

	// A module of its own reads and casts them anew; the object that everything in Directus and the bundle holds stays the same.
	starts += 1;
	const { useEnv } = await import(environmentModule);
	const { useEnv: useFreshEnv } = await import(`${environmentModule}?${starts}`);
	const current: Environment = useEnv();
	const fresh: Environment = useFreshEnv();

	for (const name of Object.keys(current)) {
		if (!(name in fresh)) Reflect.deleteProperty(current, name);
	}

	Object.assign(current, fresh);
}

async function loadDirectus(): Promise<Directus> {
	const { createCli } = await import(urlOf(api('cli/index')));
	const { default: database } = await import(urlOf(api('database/index')));
	const { flushCaches } = await import(urlOf(api('cache')));
	return { createCli, database, flushCaches };
}

/** @returns the status with which the process would have ended, or null where it would not. */
async function runCommand({ args, env }: Command): Promise<number | null> {
	await setEnvironment(env);
	const { createCli, database, flushCaches } = await loadDirectus();
	const { client } = database();
	// The command before has destroyed it.
	if (client.pool === undefined) database().initialize();
	await flushCaches(true);
	status = null;

	try {
		const program = await createCli();
		// Directus swallows what is thrown in a hook.
		if (status === null) await program.parseAsync(args, { from: 'user' });
	} catch (error) {
		if (!(error instanceof Exit)) {
			console.error(error);
			status = 1;
		}
	}

	if (client.pool !== undefined) await database().destroy();
	return status;
}

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

process.on('message', async (command: Command) => {
	const ended = await runCommand(command);
	if (ended === null) report({ problem: 'the command did not exit, with which a real process would run for ever' });
	else report({ status: ended });
});
