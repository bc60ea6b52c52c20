import { parseArgs } from 'node:util';

const PARTS = ['drain', 'latency', 'create', 'history'] as const;
export type Part = (typeof PARTS)[number];

/** How much is measured. */
export interface Sizes {
	/** in each drain against the bare loop; a fifth of it in each drain with history */
	rows: number;
	/** published rows that the long history has */
	retained: number;
	/** of writing for the latency */
	seconds: number;
	/** in which everything takes its turn with its baseline; five times as many for the creates */
	rounds: number;
	/** where relays leave a CPU profile when they end; null for none */
	profiles: string | null;
	parts: Set<Part>;
}

/** @throws Error naming the argument that is wrong. */
export function parseSizes(args: string[]): Sizes {
	const { values } = parseArgs({
		args,
		options: {
			rows: { type: 'string', default: '100000' },
			retained: { type: 'string', default: '5000000' },
			seconds: { type: 'string', default: '30' },
			rounds: { type: 'string', default: '5' },
			profiles: { type: 'string' },
			only: { type: 'string', default: PARTS.join(',') },
		},
	});

	return {
		rows: count('rows', values.rows, 1_000),
		retained: count('retained', values.retained, 10_000),
		seconds: count('seconds', values.seconds, 1),
		rounds: count('rounds', values.rounds, 1),
		profiles: values.profiles ?? null,
		parts: new Set(values.only.split(',').map(part)),
	};
}

function count(name: string, text: string, least: number): number {
	const value = Number(text);
	if (Number.isSafeInteger(value) && value >= least) return value;
	throw new Error(`--${name} is ${text}; it must be a whole number from ${least} on`);
}

function part(text: string): Part {
	const found = PARTS.find((each) => each === text);
	if (found !== undefined) return found;
	throw new Error(`--only names ${text}; the parts are ${PARTS.join(', ')}`);
}
