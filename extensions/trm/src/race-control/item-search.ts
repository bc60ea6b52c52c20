/** One line of a menu that the operator searches by typing. */
export interface MenuItem {
	value: string;
	text: string;
	icon?: string;
	/** found by its first digits, and before all others when it is typed as a whole */
	number?: number;
	/** what else it is found by, word by word; its text unless said */
	names?: string;
}

/**
 * The items that a typed text means: first the one with that number, then those whose number begins with it, then those
 * with a word that does. Nothing else counts: what is found by something that is not to be read only confuses.
 */
export function searchItems(items: readonly MenuItem[], typed: string): MenuItem[] {
	const wanted = plain(typed);
	if (wanted === '') return [...items];

	const ranked = items.map((item) => ({ item, rank: rankOf(item, wanted) }));
	return ranked
		.filter(({ rank }) => rank !== null)
		.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
		.map(({ item }) => item);
}

function rankOf({ number, names, text }: MenuItem, wanted: string): number | null {
	if (String(number) === wanted) return 0;
	if (number !== undefined && String(number).startsWith(wanted)) return 1;
	return ` ${plain(names ?? text)}`.includes(` ${wanted}`) ? 2 : null;
}

/** Lower case, without accents and signs: `Përparim Çela-Hoxha` is found by `cela`. */
function plain(text: string): string {
	return text
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();
}
