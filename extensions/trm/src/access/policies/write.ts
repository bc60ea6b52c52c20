import type { Knex } from 'knex';
import type { HookExtensionContext, SchemaOverview } from '@directus/types';
import { messageOf } from '../../lib/errors.js';
import type { Change, Kind } from './changes.js';

/** The part of Directus's item services that is needed here, the same for all four. */
interface Service {
	createOne(row: object, options: object): Promise<unknown>;
	updateOne(id: string | number, patch: object, options: object): Promise<unknown>;
	deleteOne(id: string | number, options: object): Promise<unknown>;
}

/**
 * What happens before the commit is told to nobody and leaves no cache that a reader could fill with what was before:
 * the caller empties the caches after it.
 */
const QUIET = { emitEvents: false, autoPurgeCache: false, autoPurgeSystemCache: false };

/** Writes the changes within the transaction, what others refer to first and away last. @throws Error naming the change. */
export async function writeAccess(
	{ services }: HookExtensionContext,
	transaction: Knex.Transaction,
	schema: SchemaOverview,
	changes: Change[],
): Promise<void> {
	const options = { knex: transaction, schema };
	const serviceOf: Record<Kind, Service> = {
		role: new services.RolesService(options),
		policy: new services.PoliciesService(options),
		permission: new services.PermissionsService(options),
		link: new services.AccessService(options),
	};

	for (const change of inOrder(changes)) {
		try {
			await write(serviceOf[change.kind], change);
		} catch (error) {
			const reasons = (Array.isArray(error) ? error : [error]).map(messageOf).join('; ');
			throw new Error(`${change.name} was refused, and nothing of the file is applied: ${reasons}`, { cause: error });
		}
	}
}

async function write(service: Service, { write: what }: Change): Promise<void> {
	if (what.op === 'create') await service.createOne(what.row, { ...QUIET });
	else if (what.op === 'update') await service.updateOne(what.id, what.patch, { ...QUIET });
	else await service.deleteOne(what.id, { ...QUIET });
}

/**
 * Roles come without their parents first, and get them when all are there: whatever the order of the file, and also where
 * a parent and its child change places.
 */
export function inOrder(changes: Change[]): Change[] {
	const parts = changes.flatMap(withoutParent);
	const of = (op: string, ...kinds: Kind[]) =>
		kinds.flatMap((kind) => parts.filter((change) => change.kind === kind && change.write.op === op));
	const isParent = ({ write: what }: Change) => what.op === 'update' && typeof what.patch['parent'] === 'string';

	return [
		...of('delete', 'link', 'permission'),
		...of('create', 'role', 'policy'),
		...of('update', 'role').filter((change) => !isParent(change)),
		...of('update', 'role').filter(isParent),
		...of('update', 'policy'),
		...of('create', 'permission', 'link'),
		...of('update', 'permission', 'link'),
		...of('delete', 'policy', 'role'),
	];
}

function withoutParent(change: Change): Change[] {
	const { kind, write: what } = change;
	if (kind !== 'role' || what.op === 'delete') return [change];

	if (what.op === 'create') {
		const { parent, ...row } = what.row;
		const first: Change = { ...change, write: { op: 'create', row } };
		return parent === null
			? [first]
			: [first, { ...change, write: { op: 'update', id: row['id'] as string, patch: { parent } } }];
	}

	const { parent, ...patch } = what.patch;
	if (typeof parent !== 'string') return [change];

	return [
		{ ...change, write: { ...what, patch: { ...patch, parent: null } } },
		{ ...change, write: { ...what, patch: { parent } } },
	];
}
