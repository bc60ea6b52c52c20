import type { EndpointExtensionContext } from '@directus/extensions';
import type { Accountability, SchemaOverview } from '@directus/types';
import type { Router } from 'express';
import { forbidden } from '../../lib/errors.js';
import { route } from '../../lib/route.js';
import { findSuspects } from '../suspects/suspect-fixes.js';
import type { PositionRow, TrackPage } from './track-fix.js';
import type { TimeRange } from '../time-range.js';
import { foreignSpans } from '../foreign-spans.js';
import { parseTrackQuery, type TrackQuery } from './track-query.js';
import { SELECT_CONTEXT, SELECT_PAGE } from './sql.js';
import { runTransaction } from '../transaction.js';

type Reading = Pick<EndpointExtensionContext, 'database' | 'services'>;

/** Fixes before a page that the judgement of its first ones takes into account: two minutes at 1 Hz. */
const CONTEXT_FIXES = 120;

/** `GET /positions/track`: the fixes of one device in a window of time, in order, with what looks wrong about them. */
export function registerTrack(router: Router, context: EndpointExtensionContext, timeLimit: number): void {
	router.get(
		'/track',
		route(async ({ accountability, schema, query }, response) => {
			// Directus lets unauthenticated requests through to custom endpoints.
			if (!accountability?.user) throw forbidden();

			const wanted = parseTrackQuery(query);
			const page = await runTransaction(context.database, timeLimit, async (transaction) => {
				const reading = { services: context.services, database: transaction };
				const device = await requireDevice(reading, accountability, schema, wanted.deviceId);
				const spans = await foreignSpans(reading.services, transaction, { accountability, schema }, [device]);
				return readPage(reading, wanted, spans.get(device) ?? []);
			});

			// Fixes are flagged and arrive late: what a proxy or browser kept may be wrong.
			response.set('Cache-Control', 'no-store').json(page);
		}),
	);
}

/** @returns the device's id. @throws 403, the same for a device that is not the caller's and one that does not exist. */
async function requireDevice(
	{ database, services }: Reading,
	accountability: Accountability,
	schema: SchemaOverview,
	deviceId: string,
): Promise<string> {
	const devices = new services.ItemsService('devices', { accountability, schema, knex: database });
	const [device] = await devices.readByQuery({ filter: { imei: { _eq: deviceId } }, fields: ['id'], limit: 1 });
	if (device === undefined) throw forbidden();
	return device['id'] as string;
}

async function readPage({ database }: Reading, query: TrackQuery, spans: TimeRange[]): Promise<TrackPage> {
	const { limit, cursor, ...bounds } = query;
	const hidden = { hiddenFrom: spans.map(({ from }) => from), hiddenTo: spans.map(({ to }) => to) };

	// One more than asked for tells whether there is a next page.
	const { rows } = await database.raw<{ rows: PositionRow[] }>(SELECT_PAGE, {
		...bounds,
		...hidden,
		cursor,
		limit: limit + 1,
	});
	const page = rows.slice(0, limit);
	const [first] = page;
	const before = first === undefined ? [] : await readContext(database, hidden, query.deviceId, first.ts);
	const reasons = findSuspects([...before, ...page]).slice(before.length);

	return {
		data: page.map((row, index) => ({ ...row, suspect: reasons[index] ?? [] })),
		meta: { next_cursor: rows.length > limit ? (page.at(-1)?.ts ?? null) : null },
	};
}

async function readContext(
	database: Reading['database'],
	hidden: { hiddenFrom: string[]; hiddenTo: string[] },
	deviceId: string,
	first: string,
): Promise<PositionRow[]> {
	const { rows } = await database.raw<{ rows: PositionRow[] }>(SELECT_CONTEXT, {
		...hidden,
		deviceId,
		first,
		limit: CONTEXT_FIXES,
	});

	return rows.reverse();
}
