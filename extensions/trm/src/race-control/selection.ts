/** Which fixes are selected, as indices into the loaded track. */
export interface Selection {
	selected: ReadonlySet<number>;
	/** the one that was clicked or reached with the keys last */
	active: number | null;
	/** where a range starts that Shift extends */
	anchor: number | null;
}

export interface Modifiers {
	/** Ctrl, Cmd or the checkbox: add or remove this one */
	toggle: boolean;
	/** Shift: all from the anchor to this one */
	range: boolean;
}

export const NOTHING_SELECTED: Selection = { selected: new Set(), active: null, anchor: null };

/** @param listed the indices that the table lists, ascending: a range takes only what the operator sees */
export function pick(before: Selection, index: number, modifiers: Modifiers, listed: readonly number[]): Selection {
	if (modifiers.range && before.anchor !== null) {
		const [first, last] = before.anchor < index ? [before.anchor, index] : [index, before.anchor];
		const range = listed.filter((candidate) => candidate >= first && candidate <= last);
		return {
			selected: new Set([...(modifiers.toggle ? before.selected : []), ...range]),
			active: index,
			anchor: before.anchor,
		};
	}

	if (!modifiers.toggle) return { selected: new Set([index]), active: index, anchor: index };

	const selected = new Set(before.selected);
	if (!selected.delete(index)) selected.add(index);
	return { selected, active: index, anchor: index };
}

/** The listed fix some rows further, kept within the list. */
export function rowsFurther(active: number | null, rows: number, listed: readonly number[]): number | null {
	if (listed.length === 0) return null;
	const at = active === null ? -1 : listed.indexOf(active);
	const target = at === -1 ? (rows > 0 ? 0 : listed.length - 1) : at + rows;
	return listed[Math.min(Math.max(target, 0), listed.length - 1)] ?? null;
}
