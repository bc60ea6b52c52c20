import { hostname } from 'node:os';
import { Option, type Command } from 'commander';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { openLog, type Log } from '../../lib/log.js';
import { serverLogin } from '../login.js';
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
export function registerDbInit(program: Command): void {
	program
		.command('db-init')
		.description('apply what is pending of a directory of migrations')
		.argument('[directory]', 'default: DB_INIT_PATH, else db-init')
		.addOption(new Option('--dry-run', 'list what would run').conflicts('status'))
		.addOption(new Option('--status', 'the ledger against the files'))
		.option('--json', 'with --status: as JSON')
		.action((directory: string | undefined, flags: Flags, command: Command) => {
			if (flags.json && !flags.status) command.error('error: --json goes with --status');
			return run(directory ?? (process.env['DB_INIT_PATH'] || 'db-init'), flags);
		});
}

async function run(path: string, { dryRun, status, json }: Flags): Promise<void> {
	const print = (line: string) => void process.stdout.write(`${line}\n`);
	const log = openLog('db-init', dryRun || status ? process.stderr : process.stdout);
	// Without the database what is wrong with the files is known.
	const directory = await readDirectory(path);
	const session = await openSession(log);

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

async function openSession(log: Log): Promise<Session> {
	const { env } = process;
	const missing = ['DB_HOST', 'DB_DATABASE', 'DB_USER'].filter((name) => !env[name]?.trim());
	const { DB_WAIT_TIMEOUT: wait = '60', DB_PORT: port } = env;
	const remedy = 'set each of them, or NAME_FILE with the path of a file that holds the value';

	const problems = [
		...(missing.length > 0 ? [`required variables are missing: ${missing.join(' ')}; remedy: ${remedy}`] : []),
		...(/^(0|[1-9]\d{0,5})$/.test(wait)
			? []
			: [`DB_WAIT_TIMEOUT is "${wait}"; remedy: give whole seconds, such as 60`]),
		...(isPort(port || '5432') ? [] : [`DB_PORT is "${port}"; remedy: give a port number, such as 5432`]),
	];

	if (problems.length > 0) throw new Stop(EXIT.configuration, ...problems);
	const application = `trm db-init ${env['HOSTNAME'] ?? hostname()}`;
	return Session.open(serverLogin(env), { application, waitSeconds: Number(wait), log });
}

const isPort = (value: string) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535;
