/** So deep, and so many, causes are followed. */
const MOST_CAUSES = 10;

/** What was thrown, as text with its causes. Never throws, whatever it is: anything can be thrown in JavaScript. */
export function textOf(thrown: unknown): string {
	const texts: string[] = [];

	try {
		for (let each = thrown; texts.length < MOST_CAUSES; each = each.cause) {
			texts.push(each instanceof Error ? String(each.stack ?? each.message) : String(each));
			if (!(each instanceof Error) || each.cause === undefined) break;
		}
	} catch {
		// Object.create(null), or a toString or a getter that throws.
		texts.push(`(${typeof thrown} that cannot be shown as text)`);
	}

	return texts.join('\ncaused by ');
}

/** One line of it. Never throws either. */
export function messageOf(thrown: unknown): string {
	try {
		return thrown instanceof Error ? String(thrown.message) : String(thrown);
	} catch {
		return textOf(thrown);
	}
}
