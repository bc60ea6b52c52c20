// Directus's command line without the check for updates that upstream's cli.js begins with: at each start that asks the npm
// registry, and waits eight seconds for it in a network without a way out. The version here is pinned anyway.
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(realpathSync(process.env.DIRECTUS_CLI));

await import(pathToFileURL(resolve('@directus/api/cli/run.js')).href);
