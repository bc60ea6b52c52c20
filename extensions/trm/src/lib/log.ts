/** Lines of the boot and of the commands: progress, and what went wrong under `error:`. */
export interface Log {
	info(line: string): void;
	error(line: string): void;
}

/**
 * @param tag who speaks, as `[tag] line`
 * @param progress where progress goes: stdout in the boot, stderr for a command whose stdout is its result. Errors go to stderr.
 */
export function openLog(tag: string, progress: NodeJS.WritableStream = process.stdout): Log {
	return {
		info: (line) => void progress.write(`[${tag}] ${line}\n`),
		error: (line) => void process.stderr.write(`[${tag}] error: ${line}\n`),
	};
}

/** Takes what a command did, a line for each fact. Details are for those who ask: a dry run, LOG_LEVEL=debug. */
export type Print = (line: string, importance?: 'detail') => void;

/** A plan, one line for each change. Creations are details: a first boot consists of hundreds. */
export function tellPlan(lines: string[], print: Print): void {
	for (const line of lines) print(`plan: ${line}`, line.startsWith('create ') ? 'detail' : undefined);
}

/** `9 roles, 1 policy`, in the order in which the kinds come first. */
export function countKinds(kinds: string[]): string {
	const counts = new Map<string, number>();
	for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	const nameOf = (kind: string, count: number) => (count === 1 ? kind : kind.replace(/y$/, 'ie') + 's');
	return [...counts].map(([kind, count]) => `${count} ${nameOf(kind, count)}`).join(', ');
}
