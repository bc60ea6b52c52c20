import { ERRORS, REMEDIES, type ErrorCode, type WarningCode } from './remedies.js';

export type { ErrorCode, WarningCode } from './remedies.js';

interface Problem<Code> {
	/** stable; docs/road-books.md lists all of them */
	code: Code;
	/** in the file; null where the problem has no line */
	line: number | null;
	/** number in the road book; null where the problem concerns no single box */
	box: number | null;
	message: string;
	remedy: string;
}

export type Warning = Problem<WarningCode>;
export type ReadError = Problem<ErrorCode>;

/** More of them tell nothing new: a file in which each point is broken has one fault. */
const MAX_ERRORS = 50;

/** A file is refused as a whole. */
export class RoadBookError extends Error {
	override name = 'RoadBookError';

	/** In the order of the file; at most 50, never none. */
	readonly problems: ReadError[];

	constructor(problems: ReadError[]) {
		const [first] = problems;
		const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
		super(`${first?.code}: ${first?.line == null ? '' : `line ${first.line}: `}${first?.message}${more}`);
		this.problems = problems;
	}

	get code(): ErrorCode | undefined {
		return this.problems[0]?.code;
	}
}

/** Refuses the file at once: what follows cannot be read. */
export function refuse(code: ErrorCode, message: string, line: number | null = null): never {
	throw new RoadBookError([{ code, line, box: null, message, remedy: ERRORS[code] }]);
}

/** Collects what a reader finds, in the order in which it finds it. */
export class Findings {
	readonly warnings: Warning[] = [];
	private readonly errors: ReadError[] = [];
	private readonly seen = new Set<string>();

	warn(code: WarningCode, message: string, line: number | null = null, box: number | null = null): void {
		this.warnings.push({ code, line, box, message, remedy: REMEDIES[code] });
	}

	/** Warns at the first occurrence only: of what a file does everywhere when it does it at all. */
	warnOnce(code: WarningCode, message: string, line: number | null = null, key: string = code): void {
		if (this.seen.has(key)) return;
		this.seen.add(key);
		this.warn(code, message, line);
	}

	error(code: ErrorCode, message: string, line: number | null = null, box: number | null = null): void {
		if (this.errors.length < MAX_ERRORS) this.errors.push({ code, line, box, message, remedy: ERRORS[code] });
	}

	throwErrors(): void {
		if (this.errors.length > 0) throw new RoadBookError(this.errors);
	}
}
