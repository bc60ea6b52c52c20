import type { Group } from './attack.js';
import { horizontalMoves } from './horizontal-moves.js';
import { horizontalNested } from './horizontal-nested.js';
import { horizontalReads } from './horizontal-reads.js';
import { http } from './http.js';
import { oracles } from './oracles.js';
import { payloads } from './payloads.js';
import { system } from './system.js';
import { tokens } from './tokens.js';
import { trackers } from './trackers.js';
import { transfer } from './transfer.js';
import { twoHats } from './two-hats.js';
import { vertical } from './vertical.js';

/** In the order in which they are launched. */
export const GROUPS: Group[] = [
	...horizontalReads,
	...horizontalMoves,
	...horizontalNested,
	...twoHats,
	...vertical,
	...oracles,
	...transfer,
	...system,
	...tokens,
	...trackers,
	...http,
	...payloads,
];
