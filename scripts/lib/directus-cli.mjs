// Directus's command line without the check for updates that upstream's cli.js begins with: at each start that asks the npm
// registry, and waits eight seconds for it in a network without a way out. The version here is pinned anyway.
import { readFileSync, realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Node 22 parses the 200 KB of date-fns' package.json anew for each of its 250 files, to learn their format: a quarter of a start.
const IN_DATE_FNS = /\/node_modules\/date-fns\/[^?#]*\.js$/;

// Not there before Node 22.15.
module.registerHooks?.({
	resolve(specifier, context, next) {
		// Those for require() end in .cjs.
		if (/^\.\.?\/.*\.js$/.test(specifier) && IN_DATE_FNS.test(context.parentURL)) {
			return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
		}

		return next(specifier, context);
	},
});

const { resolve } = createRequire(realpathSync(process.env.DIRECTUS_CLI));
const ofApi = createRequire(resolve('@directus/api/cli/run.js'));

// Directus offers no place for statements after connecting.
const Postgres = ofApi('knex/lib/dialects/postgres');
const { _acquireOnlyConnection } = Postgres.prototype;
const settings = readFileSync(new URL('session.sql', import.meta.url), 'utf8');
// The server's; a command takes what it takes. What DB_OPTIONS says of them came with the connection.
const { TRM_SESSION_LIMITS = 'statement_timeout=0' } = process.env;
const limits = JSON.stringify(Object.fromEntries(TRM_SESSION_LIMITS.split(' ').map((pair) => pair.split('='))));
const LIMIT =
	"SELECT set_config(key, value, false) FROM json_each_text($1) JOIN pg_settings ON name = key WHERE source <> 'client'";

Postgres.prototype._acquireOnlyConnection = async function () {
	const connection = await _acquireOnlyConnection.call(this);

	try {
		await connection.query(settings);
		await connection.query(LIMIT, [limits]);
	} catch (error) {
		await connection.end().catch(() => {});
		throw error;
	}

	return connection;
};

// An import says what is to be done after its last row when it has read the file: where all rows have failed by then, that is never done.
const async = ofApi('async');
const { queue } = async;

// A row that is null or a text is no row, and where the import looks for its key it would die of it.
const { InvalidPayloadError } = await import(pathToFileURL(ofApi.resolve('@directus/errors')).href);
const noRow = {
	get id() {
		throw new InvalidPayloadError({ reason: 'a row is no object' });
	},
};
const isNoRow = ({ data }) => typeof data !== 'object' || data === null || Array.isArray(data);
const withRows = (save) => async (task) => save(task?.rowNumber && isNoRow(task) ? { ...task, data: noRow } : task);

async.queue = (work, ...parameters) => {
	// Others queue too, with callbacks.
	const rows = queue(work[Symbol.toStringTag] === 'AsyncFunction' ? withRows(work) : work, ...parameters);

	const drain = (done) => {
		if (done && rows.started && rows.idle()) setImmediate(done);
		return rows.drain(done);
	};

	return Object.create(rows, { drain: { value: drain } });
};

await import(pathToFileURL(resolve('@directus/api/cli/run.js')).href);
