import type { HookExtensionContext } from '@directus/types';
import { readYamlFile } from '../../lib/yaml-file.js';
import { capture } from '../../access/policies/captured.js';
import { parseAccess } from '../../access/policies/form.js';
import { readLiveAccess } from '../../access/policies/rows.js';
import { leadingComment, writeAccess } from '../../access/policies/text.js';

/** Plain data: it comes from a child. */
export interface AccessSnapshot {
	text: string;
	/** What the reader of the file has to know: what is not in it. */
	notes: string[];
}

/**
 * What the access file declares, as the database has it now, in canonical form.
 * @throws Error where there is no file: what is not declared by id is not known to be ours.
 */
export async function snapshotAccess({ database }: HookExtensionContext, path: string): Promise<AccessSnapshot> {
	const declared = await readYamlFile(path);

	if (declared === null || (declared.content ?? null) === null) {
		throw new Error(
			`${path} is absent or empty, so nothing is known to be its own. Name the id of each role and policy that it is to hold.`,
		);
	}

	const { file, missing, left } = capture(parseAccess(path, declared.content), await readLiveAccess(database));

	return {
		text: writeAccess(file, leadingComment(declared.text)),
		notes: [
			...missing.map((name) => `${JSON.stringify(name)} is not in the database, and is left out`),
			...left.map((name) => `${name} is left out: the file holds one for each action`),
		],
	};
}
