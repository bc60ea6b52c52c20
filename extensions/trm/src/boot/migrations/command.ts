import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { type Runtime } from '../../lib/command.js';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { openLog, type Log } from '../../lib/log.js';
import { commandLogin } from '../command-login.js';
import { Session } from '../session.js';
import { applyDirectory, readPending } from './index.js';
import { compareWithLedger } from './ledger.js';
import { readDirectory } from './read-directory.js';
import { statusAsJson, statusAsText } from './status.js';

interface Flags {
	dryRun?: true;
	status?: true;
	json?: true;
}

/** `trm db-init`: a directory of migrations, against the database of DB_HOST, DB_PORT, DB_DATABASE, DB_USER and DB_PASSWORD. */
export function registerDbInit(program: Command, runtime: Runtime): void {
	program
		.command('db-init')
		.description('apply what is pending of a directory of migrations')
		.argument('[directory]', 'default: DB_INIT_PATH, else db-init of this release')
		.addOption(new Option('--dry-run', 'list what would run').conflicts('status'))
		.addOption(new Option('--status', 'the ledger against the files'))
		.option('--json', 'with --status: as JSON')
		.action((directory: string | undefined, flags: Flags, command: Command) => {
			if (flags.json && !flags.status) command.error('error: --json goes with --status');
			const ofRelease = runtime.env['DB_INIT_PATH'] || join(runtime.root, 'db-init');
			return run(runtime, resolve(runtime.directory, directory ?? ofRelease), flags);
		});
}

async function run(runtime: Runtime, path: string, { dryRun, status, json }: Flags): Promise<void> {
	const print = (line: string) => runtime.out(`${line}\n`);
	const log = openLog('db-init', dryRun || status ? process.stderr : process.stdout);
	// Without the database what is wrong with the files is known.
	const directory = await readDirectory(path);
	const session = await openSession(runtime, log);

	try {
		if (!dryRun && !status) {
			await applyDirectory(session, path, log);
			return;
		}

		const compared = await compareWithLedger(session, directory);
		if (json) return print(JSON.stringify(statusAsJson(compared, directory.path), null, 2));
		if (status) return print(statusAsText(compared));

		const pending = await readPending(compared, directory, log);
		const applied = compared.filter(({ state }) => state === 'applied').length;
		for (const { filename, kind, sha256 } of pending)
			print(`[db-init] would apply ${filename} (${kind}, sha256 ${sha256})`);
		print(`[db-init] dry run: ${pending.length} pending, ${applied} applied`);
	} finally {
		await session.close();
	}
}

function openSession({ env }: Runtime, log: Log): Promise<Session> {
	const { DB_WAIT_TIMEOUT: wait = '60' } = env;

	if (!/^(0|[1-9]\d{0,5})$/.test(wait)) {
		throw new Stop(EXIT.configuration, `DB_WAIT_TIMEOUT is "${wait}"; remedy: give whole seconds, such as 60`);
	}

	const application = `trm db-init ${env['HOSTNAME'] ?? hostname()}`;
	return Session.open(commandLogin(env), { application, waitSeconds: Number(wait), log });
}
