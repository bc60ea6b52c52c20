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
