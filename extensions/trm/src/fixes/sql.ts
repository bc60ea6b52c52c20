import { canonicalTimestampSql } from '../lib/timestamp.js';

/** No statement from here on takes longer; the last ones of a request get what is left of its time. */
export const LIMIT_STATEMENTS = "SELECT set_config('statement_timeout', :milliseconds, true)";

/** When which device served which entry; of any entry, whoever asks. */
export const SELECT_ASSIGNMENTS = `
	SELECT id, device, ${canonicalTimestampSql('assigned_from')} AS "from",
		coalesce(${canonicalTimestampSql('assigned_to')}, 'infinity') AS "to"
	FROM entry_devices WHERE device = ANY(:devices::uuid[]) ORDER BY device, assigned_from`;
