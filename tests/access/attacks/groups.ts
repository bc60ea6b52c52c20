import type { Group } from './attack.js';
import { absent } from './absent.js';
import { borrowed } from './borrowed.js';
import { bookmarks } from './bookmarks.js';
import { cost } from './cost.js';
import { foreignPages } from './foreign-pages.js';
import { forms } from './forms.js';
import { horizontalChanges } from './horizontal-changes.js';
import { horizontalCreations } from './horizontal-creations.js';
import { horizontalDeletions } from './horizontal-deletions.js';
import { horizontalMoves } from './horizontal-moves.js';
import { horizontalNested } from './horizontal-nested.js';
import { horizontalReads } from './horizontal-reads.js';
import { http } from './http.js';
import { keys } from './keys.js';
import { oracleAggregates } from './oracle-aggregates.js';
import { oracleGuesses } from './oracle-guesses.js';
import { oraclePaths } from './oracle-paths.js';
import { oracleQuestions } from './oracle-questions.js';
import { payloadQuestions } from './payload-questions.js';
import { organizationLists } from './organization-lists.js';
import { payloadRelated } from './payload-related.js';
import { payloadSizes } from './payload-sizes.js';
import { payloadValues } from './payload-values.js';
import { readings } from './readings.js';
import { scopes } from './scopes.js';
import { system } from './system.js';
import { systemOperations } from './system-operations.js';
import { tokens } from './tokens.js';
import { trackers } from './trackers.js';
import { transfer } from './transfer.js';
import { twoHats } from './two-hats.js';
import { verticalMemberships } from './vertical-memberships.js';
import { verticalRights } from './vertical-rights.js';
import { verticalUsers } from './vertical-users.js';

/** In the order in which they are launched. */
export const GROUPS: Group[] = [
	...horizontalReads,
	...horizontalMoves,
	...horizontalChanges,
	...horizontalCreations,
	...horizontalNested,
	...organizationLists,
	...horizontalDeletions,
	...twoHats,
	...verticalMemberships,
	...verticalUsers,
	...verticalRights,
	...oracleGuesses,
	...oracleQuestions,
	...oracleAggregates,
	...oraclePaths,
	...payloadQuestions,
	...transfer,
	...forms,
	...system,
	...bookmarks,
	...tokens,
	...trackers,
	...borrowed,
	...http,
	...foreignPages,
	...payloadSizes,
	...payloadValues,
	...payloadRelated,
	...scopes,
	...cost,
	...readings,
	...systemOperations,
	...keys,
	...absent,
];
