// What pm2 runs: the applications of ECOSYSTEM_FILE, with Directus's cli.js replaced by directus-cli.mjs.
/* eslint-disable @typescript-eslint/no-require-imports -- pm2 reads CommonJS */
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

module.exports = [declared.apps ?? declared].flat().map((app) => ({
	// Besides stdout and stderr pm2 would write files below PM2_HOME, which nobody reads and which only grow.
	out_file: '/dev/null',
	error_file: '/dev/null',
	...app,
	// Directus looks for package.json and extensions/ in its working directory, which pm2 would take from the script.
	...(isDirectus(app) ? { cwd: app.cwd ?? process.cwd(), script: join(__dirname, 'directus-cli.mjs') } : {}),
}));
