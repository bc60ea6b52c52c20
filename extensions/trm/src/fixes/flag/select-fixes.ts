import type { Accountability, ApiExtensionContext, Item, SchemaOverview } from '@directus/types';
import type { Knex } from 'knex';
import { forbidden } from '../../lib/errors.js';
import { foreignSpans } from '../foreign-spans.js';
import { StartOver } from '../transaction.js';
import { windowOf, type FlagTarget } from './flag-request.js';
import { flaggedFor } from './flagged-for.js';
import { LOCK_CALLS, LOCK_DEVICES } from './sql.js';
import { visiblePart, type VisiblePart } from './visible-part.js';

/** The caller as Directus's middleware made him out. */
export interface Caller {
	accountability: Accountability;
	schema: SchemaOverview;
}

/** The fixes of one device that a call names, cut down to those that exist for the caller. */
export interface SelectedFixes extends VisiblePart {
	/** the device's id */
	device: string;
	/** for which they are flagged */
	organization: string;
	named: FlagTarget;
}

type Device = { id: string; imei: string };

/**
 * Decides which fixes a call is about, and locks their devices until the end of the transaction. Changes nothing.
 * @returns one selection for each target, in the same order.
 * @throws 403 FORBIDDEN when the caller may not read one of the devices, may not flag its fixes, or it does not exist.
 * @throws StartOver when one of the devices is changed at the same time.
 */
export async function selectFixes(
	services: ApiExtensionContext['services'],
	transaction: Knex.Transaction,
	{ accountability, schema }: Caller,
	targets: FlagTarget[],
): Promise<SelectedFixes[]> {
	const readable = new services.ItemsService('devices', { accountability, schema, knex: transaction });
	const imeis = targets.map(({ deviceId }) => deviceId);
	const devices = await readDevices(readable, imeis);

	await lockDevices(transaction, devices);
	const hidden = await foreignSpans(services, transaction, { accountability, schema }, [...devices.values()]);

	const windows = new Map(targets.map((named) => [devices.get(named.deviceId) as string, windowOf(named)]));
	const organizations = await flaggedFor(transaction, accountability, windows);

	return targets.map((named) => {
		const device = devices.get(named.deviceId) as string;
		const organization = organizations.get(device) as string;
		return { device, organization, named, ...visiblePart(named, hidden.get(device) ?? []) };
	});
}

interface ReadingService {
	readByQuery(query: object): Promise<Item[]>;
}

/** @returns ids by IMEI; the permission engine leaves out what the caller may not read. */
async function readDevices(devices: ReadingService, imeis: string[]): Promise<Map<string, string>> {
	const readable = (await devices.readByQuery({
		fields: ['id', 'imei'],
		filter: { imei: { _in: imeis } },
		limit: -1,
	})) as Device[];

	if (readable.length !== imeis.length) throw forbidden();
	return new Map(readable.map(({ id, imei }) => [imei, id]));
}

/** @throws StartOver when a device was renamed or deleted since it was read: its IMEI may be another's by now. */
async function lockDevices(transaction: Knex.Transaction, devices: Map<string, string>): Promise<void> {
	const ids = [...devices.values()];

	await transaction.raw(LOCK_CALLS, { ids });
	const { rows } = await transaction.raw<{ rows: Device[] }>(LOCK_DEVICES, { ids });

	if (rows.length !== ids.length || rows.some(({ id, imei }) => devices.get(imei) !== id)) {
		throw new StartOver('The devices named are being changed, try again');
	}
}
