import { expect, test } from 'vitest';
import { searchItems, type MenuItem } from './item-search.js';

const items: MenuItem[] = [
	{ value: '44aa', text: '4 · Rider 004 · Drin Racing', number: 4, names: 'Rider 004 Drin Racing' },
	{ value: '301b', text: '21 · Rider 021', number: 21, names: 'Rider 021' },
	{ value: '4c4c', text: '40 · Përparim Çela-Hoxha', number: 40, names: 'Përparim Çela-Hoxha' },
	{ value: 'd44d', text: '301 · Driver 039, Navigator 4', number: 301, names: 'Driver 039 Navigator 4' },
	{ value: 'e', text: '304 · Driver 042', number: 304, names: 'Driver 042' },
];

const found = (typed: string) => searchItems(items, typed).map(({ number }) => number);

test('a typed number finds that race number first, then those that begin with it, then names', () => {
	expect(found('4')).toEqual([4, 40, 301]);
	expect(found('301')).toEqual([301]);
	expect(found('30')).toEqual([301, 304]);
});

test('names are found by the beginning of a word, in any case and without accents', () => {
	expect(found('drin')).toEqual([4]);
	expect(found('CELA')).toEqual([40]);
	expect(found('çela hox')).toEqual([40]);
	expect(found('ider')).toEqual([]);
});

test('what is not to be read finds nothing, and an empty text leaves all', () => {
	expect(found('aa')).toEqual([]);
	expect(found('  ')).toEqual([4, 21, 40, 301, 304]);
});

test('items without a number or names are found by their text', () => {
	const trackers = [{ value: 'x', text: 'Primary · 352094080000017' }];
	expect(searchItems(trackers, '3520')).toEqual(trackers);
	expect(searchItems(trackers, 'x')).toEqual([]);
});
