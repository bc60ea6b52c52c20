/** What a key means in the table of fixes. */
export type TableCommand =
	| { do: 'move'; rows: number; extend: boolean }
	| { do: 'toggle' }
	| { do: 'select-all' }
	| { do: 'clear' }
	| { do: 'suspect'; step: 1 | -1 };

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** @param page rows that the table shows at once */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Key, page: number): TableCommand | null {
	const control = ctrlKey || metaKey;
	const moves: Record<string, number> = {
		ArrowDown: 1,
		ArrowUp: -1,
		PageDown: page,
		PageUp: -page,
		Home: -Infinity,
		End: Infinity,
	};
	const rows = moves[key];

	if (rows !== undefined) return { do: 'move', rows, extend: shiftKey };
	if (key === ' ') return { do: 'toggle' };
	if (key === 'Escape') return { do: 'clear' };
	if (key.toLowerCase() === 'a' && control) return { do: 'select-all' };
	if (key.toLowerCase() === 'n' && !control && !altKey) return { do: 'suspect', step: shiftKey ? -1 : 1 };
	return null;
}
