import presentParts from './present-parts.sql?raw';
import type { Sql } from './session.js';

export interface PresentParts {
	state: boolean;
	missing_objects: boolean;
	grants: boolean;
	directus_tables: boolean;
}

/** Which parts of an installation there are to be asked. */
export async function readPresentParts(sql: Sql): Promise<PresentParts> {
	const [parts] = await sql.rows<PresentParts>(presentParts);
	if (parts === undefined) throw new Error('present-parts.sql gave no row');
	return parts;
}
