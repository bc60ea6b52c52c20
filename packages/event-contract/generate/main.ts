import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { currentSchemas, generatedFiles, incompatibilities, parsePublished, writePublished } from './files.js';

// npm run contract:generate: writes docs/events/ and moves published.jsonl on where that is compatible.

const documents = new URL('../../../docs/events/', import.meta.url);
const lock = new URL('../published.jsonl', import.meta.url);

await mkdir(documents, { recursive: true });
const files = await generatedFiles();

for (const name of await readdir(documents)) {
	if (!files.has(name)) await rm(new URL(name, documents));
}

for (const [name, text] of files) await writeFile(new URL(name, documents), text);

const published = parsePublished(await readFile(lock, 'utf8').catch(() => ''));
const current = currentSchemas();
const refused = incompatibilities(published, current);

// What is refused stays as it was published, so that the test goes on failing.
const kept = [...published].filter(([urn]) => refused.has(urn));
await writeFile(lock, writePublished(new Map([...current, ...kept].sort(([a], [b]) => (a < b ? -1 : 1)))));
process.stdout.write(`${files.size} files in ${fileURLToPath(documents)}\n`);

for (const [urn, findings] of refused) {
	process.stderr.write(`\n${urn} is published and has changed incompatibly:\n  ${findings.join('\n  ')}\n`);
}

if (refused.size > 0) {
	process.stderr.write('\nLeave that version as it is and add the next one: docs/events.md, "Versions".\n');
	process.exitCode = 1;
}
