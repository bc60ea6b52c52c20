import { expect, test } from 'vitest';
import { NOTHING_SELECTED, pick, rowsFurther, type Modifiers, type Selection } from './selection.js';
import { commandOf } from './table-keys.js';

const PLAIN: Modifiers = { toggle: false, range: false };
const TOGGLE: Modifiers = { toggle: true, range: false };
const RANGE: Modifiers = { toggle: false, range: true };
const listed = [2, 4, 6, 8, 10];
const chosen = ({ selected }: Selection) => [...selected].sort((a, b) => a - b);

test('a click selects one, Ctrl adds and removes', () => {
	const one = pick(NOTHING_SELECTED, 4, PLAIN, listed);
	expect(chosen(one)).toEqual([4]);
	const two = pick(one, 8, TOGGLE, listed);
	expect(chosen(two)).toEqual([4, 8]);
	expect(chosen(pick(two, 4, TOGGLE, listed))).toEqual([8]);
	expect(chosen(pick(two, 6, PLAIN, listed))).toEqual([6]);
});

test('Shift takes what is listed from the anchor on, in both directions, and the anchor stays', () => {
	const anchored = pick(NOTHING_SELECTED, 6, PLAIN, listed);
	const down = pick(anchored, 10, RANGE, listed);
	expect(chosen(down)).toEqual([6, 8, 10]);
	expect(chosen(pick(down, 2, RANGE, listed))).toEqual([2, 4, 6]);
	expect(chosen(pick(NOTHING_SELECTED, 4, RANGE, listed))).toEqual([4]);
});

test('Shift on a checkbox adds the range to what is selected', () => {
	const before = pick(pick(NOTHING_SELECTED, 2, PLAIN, listed), 6, TOGGLE, listed);
	expect(chosen(pick(before, 10, { toggle: true, range: true }, listed))).toEqual([2, 6, 8, 10]);
});

test('the keys stay within the list, also where the active fix is not listed', () => {
	expect(rowsFurther(4, 1, listed)).toBe(6);
	expect(rowsFurther(4, -5, listed)).toBe(2);
	expect(rowsFurther(4, Infinity, listed)).toBe(10);
	expect(rowsFurther(null, 1, listed)).toBe(2);
	expect(rowsFurther(5, -1, listed)).toBe(10);
	expect(rowsFurther(null, 1, [])).toBeNull();
});

test('keys mean what the help says; others are left to the browser', () => {
	const key = (name: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) =>
		commandOf({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held }, 20);

	expect(key('ArrowDown', { shiftKey: true })).toEqual({ do: 'move', rows: 1, extend: true });
	expect(key('PageUp')).toEqual({ do: 'move', rows: -20, extend: false });
	expect(key('N', { shiftKey: true })).toEqual({ do: 'suspect', step: -1 });
	expect(key('n')).toEqual({ do: 'suspect', step: 1 });
	expect(key('a', { metaKey: true })).toEqual({ do: 'select-all' });
	expect([key('n', { ctrlKey: true }), key('a'), key('Tab'), key('F5')]).toEqual([null, null, null, null]);
});
