import type { HookExtensionContext, Snapshot, SnapshotDiff, SnapshotWithHash } from '@directus/types';
import { administrator } from '../../access/administrator.js';

/** Directus's SchemaService: the published types leave its methods out. */
export interface SchemaService {
	snapshot(): Promise<Snapshot>;
	diff(snapshot: unknown, options: { currentSnapshot: Snapshot }): Promise<SnapshotDiff | null>;
	getHashedSnapshot(snapshot: Snapshot): SnapshotWithHash;
	apply(payload: { hash: string; diff: SnapshotDiff }): Promise<void>;
}

/** Reads the schema from the database, past any cache. */
export async function openSchemaService(context: HookExtensionContext): Promise<SchemaService> {
	return new context.services.SchemaService({
		accountability: administrator,
		knex: context.database,
		schema: await context.getSchema({ bypassCache: true }),
	}) as unknown as SchemaService;
}
