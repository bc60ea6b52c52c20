import { canonicalTimestampSql } from '../lib/timestamp.js';

/** No statement from here on takes longer; the last ones of a request get what is left of its time. */
export const LIMIT_STATEMENTS = "SELECT set_config('statement_timeout', :milliseconds, true)";

/** The assignments of devices to entries, also those that the caller may not read. */
export const SELECT_ASSIGNMENTS = `
	SELECT id, device, ${canonicalTimestampSql('assigned_from')} AS "from",
		coalesce(${canonicalTimestampSql('assigned_to')}, 'infinity') AS "to"
	FROM entry_devices WHERE device = ANY(:devices::uuid[]) ORDER BY device, assigned_from`;
