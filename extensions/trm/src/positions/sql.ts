import { canonicalTimestampSql } from '../shared/timestamp.js';

const ts = canonicalTimestampSql('ts');

/*
 * One statement for one device, with device_id = a constant and bounds on ts: on a compressed hypertable chunk that
 * decompresses the batches concerned, where a join against a list of keys decompresses the whole chunk and is refused.
 */

const KEYS = 'device_id = :deviceId AND ts BETWEEN :first AND :last AND ts = ANY(:keys::timestamptz[])';
const RANGE = 'device_id = :deviceId AND ts >= :from AND ts < :to';

/** Orders the calls that flag one device, so that its events stand in the stream in commit order. */
export const LOCK_DEVICES = 'SELECT id FROM devices WHERE id = ANY(:ids::uuid[]) ORDER BY id FOR NO KEY UPDATE';

export const UPDATE_KEYS = `UPDATE positions SET faulty = :faulty WHERE ${KEYS} AND faulty <> :faulty RETURNING ${ts} AS ts`;
export const SELECT_KEYS = `SELECT ${ts} AS ts FROM positions WHERE ${KEYS}`;

export const UPDATE_RANGE = `UPDATE positions SET faulty = :faulty WHERE ${RANGE} AND faulty <> :faulty`;
export const COUNT_RANGE = `SELECT count(*)::int AS matched FROM positions WHERE ${RANGE}`;

/** A range may lie on more compressed rows than TimescaleDB decompresses by default; without it the setting is inert. */
export const LIFT_DECOMPRESSION_LIMIT =
	"SELECT set_config('timescaledb.max_tuples_decompressed_per_dml_transaction', '0', true)";
