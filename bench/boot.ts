import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { directusEnvironment, root } from '../tests/support/environment.js';
import { freePort, run, runToEnd } from '../tests/support/processes.js';
import { cloneDatabase, createOwnedDatabase, dropDatabase } from '../tests/support/templates.js';
import { median, ratio } from './statistics.js';

/**
 * How long it takes from the first command to the first answered request, for five ways of starting the same server. They are run
 * one after the other, in rounds, on one database server, so that a noisy machine is noisy for all. Argument: rounds.
 */
const rounds = Number(process.argv[2] ?? 5);
const ecosystem = resolve(root, 'scripts/local/ecosystem.config.cjs');

type Environment = Record<string, string>;
interface Way {
	/** what it starts from */
	database: 'empty' | 'booted';
	/** commands that end, one after the other */
	before: string[][];
	/** the command that serves */
	serve: string[];
	env?: Environment;
}

const cli = (...args: string[]) => ['node', resolve(root, 'node_modules/directus/cli.js'), ...args];
const pm2 = ['pm2-runtime', 'start', ecosystem];
const entrypoint = [resolve(root, 'entrypoint.sh')];

/** As upstream's image does it: its own bundler, and nothing made by our migrations. */
const byHand = { EXTENSIONS_ROLLDOWN: 'false', MIGRATION_LEDGER_CHECK: 'warn' };

const ways = {
	upstream: { database: 'booted', before: [cli('bootstrap')], serve: pm2, env: byHand },
	cold: { database: 'empty', before: [], serve: entrypoint },
	by_hand: {
		database: 'empty',
		before: [cli('bootstrap'), cli('schema', 'apply', '--yes', resolve(root, 'snapshots/schema.yaml'))],
		serve: pm2,
		env: byHand,
	},
	warm: { database: 'booted', before: [], serve: entrypoint },
	bare_start: { database: 'booted', before: [], serve: pm2, env: { EXTENSIONS_ROLLDOWN: 'true' } },
} satisfies Record<string, Way>;

type Name = keyof typeof ways;

/** @returns seconds until the first answer. @throws Error with what it printed when it does not come to that. */
async function measure({ database: kind, before, serve, env = {} }: Way, booted: string): Promise<number> {
	const database = await cloneDatabase(kind === 'booted' ? booted : empty);
	const port = await freePort();
	const options = { cwd: root, env: environment(database, port, env) };

	try {
		const began = performance.now();

		for (const [command = '', ...args] of before) {
			const { code, output } = await runToEnd(command, args, options);
			if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${output}`);
		}

		const [command = '', ...args] = serve;
		const server = run(command, args, options);
		await untilServing(port, server);
		const seconds = (performance.now() - began) / 1_000;
		await server.end();
		return seconds;
	} finally {
		await dropDatabase(database);
	}
}

function environment(database: string, port: number, extra: Environment): Environment {
	return directusEnvironment(database, port, {
		SERVE_APP: 'true',
		PM2_HOME: `/tmp/trm-bench-${process.pid}`,
		...extra,
	});
}

async function untilServing(port: number, server: ReturnType<typeof run>): Promise<void> {
	const deadline = Date.now() + 120_000;

	while (!(await isServing(port))) {
		if (server.child.exitCode !== null || Date.now() > deadline)
			throw new Error(`it does not serve:\n${server.output()}`);
		await sleep(10);
	}
}

async function isServing(port: number): Promise<boolean> {
	return fetch(`http://127.0.0.1:${port}/server/ping`).then(
		({ ok }) => ok,
		() => false,
	);
}

/** A database as one boot of ours leaves it, to be copied. */
async function bootOnce(): Promise<string> {
	const database = await cloneDatabase(empty);
	const port = await freePort();
	const [command = '', ...args] = entrypoint;
	const server = run(command, args, { cwd: root, env: environment(database, port, {}) });
	await untilServing(port, server);
	await server.end();
	return database;
}

/** As a deployer gives it: of an owner without superuser, with the extensions. */
const empty = `trm_bench_${process.pid}`;
await createOwnedDatabase(empty);
const booted = await bootOnce();
const names = Object.keys(ways) as Name[];
const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;

try {
	for (let round = 0; round < rounds; round += 1) {
		// Each round begins with another one: none always follows the same.
		for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
			const taken = await measure(ways[name], booted);
			seconds[name].push(taken);
			console.log(`round ${round + 1}/${rounds} ${name.padEnd(10)} ${taken.toFixed(2)} s`);
		}
	}
} finally {
	await dropDatabase(booted);
	await dropDatabase(empty);
}

console.log(
	JSON.stringify({
		warm_vs_upstream: ratio(seconds.warm, seconds.upstream),
		warm_vs_bare_start: ratio(seconds.warm, seconds.bare_start),
		cold_vs_by_hand: ratio(seconds.cold, seconds.by_hand),
		median_seconds: Object.fromEntries(names.map((name) => [name, median(seconds[name])])),
		n: rounds,
	}),
);
