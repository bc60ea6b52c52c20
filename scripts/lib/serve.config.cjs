// What pm2 runs: the applications of ECOSYSTEM_FILE, with Directus's cli.js replaced by directus-cli.mjs.
/* eslint-disable @typescript-eslint/no-require-imports -- pm2 reads CommonJS */
const cluster = require('node:cluster');
const { realpathSync } = require('node:fs');
const { join, resolve } = require('node:path');

const { DIRECTUS_CLI, ECOSYSTEM_FILE } = process.env;
const directusCli = realpathSync(DIRECTUS_CLI);

const declared = require(resolve(ECOSYSTEM_FILE));

const isDirectus = ({ script, cwd = process.cwd() }) => {
	try {
		return realpathSync(resolve(cwd, script)) === directusCli;
	} catch {
		return false;
	}
};

const apps = [declared.apps ?? declared].flat();

// pm2-runtime reads this file in the process that forks the server. By itself it ends ten seconds after the last server has, with status 2
// whatever the reason was, and with lines of its own after the reason.
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isStopping = true));

cluster.on('exit', (_worker, code) => {
	const isAlone = Object.values(cluster.workers).every((worker) => worker.isDead());
	if (isStopping || !isAlone || apps.some(({ autorestart }) => autorestart)) return;
	// What it said last is still on its way to the log.
	setTimeout(() => process.exit(code || 1), 500);
});

module.exports = apps.map((app) => ({
	// Besides stdout and stderr pm2 would write files below PM2_HOME, which nobody reads and which only grow.
	out_file: '/dev/null',
	error_file: '/dev/null',
	...app,
	// With it pm2 counts an app that died in its first three seconds as online, and then waits for ever.
	wait_ready: false,
	// Directus looks for package.json and extensions/ in its working directory, which pm2 would take from the script.
	...(isDirectus(app) ? { cwd: app.cwd ?? process.cwd(), script: join(__dirname, 'directus-cli.mjs') } : {}),
}));
