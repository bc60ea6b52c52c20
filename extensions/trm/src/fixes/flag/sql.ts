import { canonicalTimestampSql } from '../../lib/timestamp.js';

const ts = canonicalTimestampSql('ts');

/*
 * One statement for one device, with device_id = a constant and bounds on ts: on a compressed hypertable chunk that
 * decompresses the batches concerned, where a join against a list of keys decompresses the whole chunk and is refused.
 */

const KEYS = 'device_id = :deviceId AND ts BETWEEN :first AND :last AND ts = ANY(:keys::timestamptz[])';
const RANGE = 'device_id = :deviceId AND ts >= :from AND ts < :to';

/**
 * What the transaction may do that others may not: write position_flags, which a trigger refuses to all others, and flag fixes on more
 * compressed rows than TimescaleDB decompresses by default; without it that setting is inert.
 */
export const BEGIN_FLAGGING = `SELECT set_config('trm.flagging', 'on', true),
	set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true)`;

/**
 * Orders the calls that flag one device, so that its events stand in the stream in commit order. Not by the devices'
 * rows: saving several devices locks those in whatever order the caller names them, which deadlocks. 256 locks at most,
 * because the lock table has a fixed size.
 */
export const LOCK_CALLS = `
	SELECT pg_advisory_xact_lock(hashtext('trm.flag-faulty'), bucket)
	FROM (SELECT DISTINCT hashtext(id) & 255 AS bucket FROM unnest(:ids::text[]) AS id ORDER BY bucket) AS buckets`;

/** Holds IMEI and existence of the devices until the commit; saving anything else of them goes on meanwhile. */
export const LOCK_DEVICES =
	'SELECT id, imei FROM devices WHERE id = ANY(:ids::uuid[]) ORDER BY devices.id FOR KEY SHARE';

/**
 * flaggedFor(). The latest assignment, where several lie in the window. Who has no membership at all has his rights from policies made by
 * hand: the permission engine decides.
 */
export const SELECT_FLAGGED_FOR = `
	WITH own AS (SELECT operates FROM organization_users WHERE "user" = CAST(:user AS uuid)),
	target AS (
		SELECT * FROM unnest(CAST(:devices AS uuid[]), CAST(:from AS timestamptz[]), CAST(:to AS timestamptz[])) AS target (device, "from", "to")
	)
	SELECT target.device, (
		SELECT organization FROM (
			SELECT organization, 1 AS rank, assigned_from FROM entry_devices
			WHERE device = target.device AND tstzrange(assigned_from, assigned_to) && tstzrange(target."from", target."to", '[]')
			UNION ALL
			SELECT organization, 2, NULL FROM devices WHERE id = target.device
			UNION ALL
			SELECT organization, 3, NULL FROM organization_devices WHERE device = target.device
		) AS candidate
		WHERE :admin OR organization IN (SELECT operates FROM own) OR NOT EXISTS (SELECT FROM own)
		ORDER BY rank, assigned_from DESC, organization LIMIT 1
	) AS organization
	FROM target`;

export const UPDATE_KEYS = `UPDATE positions SET faulty = :faulty WHERE ${KEYS} AND faulty <> :faulty RETURNING ${ts} AS ts`;
export const SELECT_KEYS = `SELECT ${ts} AS ts FROM positions WHERE ${KEYS}`;

export const UPDATE_RANGE = `UPDATE positions SET faulty = :faulty WHERE ${RANGE} AND faulty <> :faulty`;
export const COUNT_RANGE = `SELECT count(*)::int AS matched FROM positions WHERE ${RANGE}`;
