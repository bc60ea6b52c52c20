import { messageOf } from './errors.js';

/** What a command of ours ends with, after sysexits(3): an orchestrator tells a wrong setting from a server that is down. */
export const EXIT = {
	done: 0,
	/** It failed, or was refused; of a comparison: there are differences. */
	failed: 1,
	usage: 64,
	/** Postgres or Redis does not answer, or a lock is not to be had. */
	unavailable: 69,
	/** Of a comparison: it could not be made, so nothing is known. */
	notCompared: 70,
	tryAgain: 75,
	configuration: 78,
} as const;

/** The end of a command: a status, and one line for each thing that is wrong, each with its remedy. */
export class Stop extends Error {
	override name = 'Stop';
	readonly status: number;
	readonly lines: readonly string[];

	constructor(status: number, ...lines: string[]) {
		super(lines.join('\n'));
		this.status = status;
		this.lines = lines;
	}
}

/** Also one that another bundle threw: the seed generator is built apart. */
const isStop = (thrown: unknown): thrown is Stop => thrown instanceof Error && thrown.name === 'Stop';

/** What a command ends with after anything that was thrown. @param status where that does not say */
export function stopFor(thrown: unknown, status: number): Stop {
	if (isStop(thrown)) return thrown;
	return new Stop(status, ...(Array.isArray(thrown) ? thrown : [thrown]).map(describe));
}

/** An error of Postgres that knex has put its statement in front of, which says nothing to an operator. */
function describe(thrown: unknown): string {
	const message = messageOf(thrown);
	const { code, severity } = (thrown ?? {}) as { code?: string; severity?: string };
	if (severity === undefined || !/^[0-9A-Z]{5}$/.test(code ?? '')) return message;
	return `Postgres refuses it: ${message.split(' - ').at(-1)} (SQLSTATE ${code})`;
}
