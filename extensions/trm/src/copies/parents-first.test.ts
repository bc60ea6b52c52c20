import { describe, expect, it } from 'vitest';
import { parentsFirst } from './parents-first.js';

const known = [
	{ id: 'id-of-rally', code: 'RALLY' },
	{ id: 'id-of-rally2', code: 'RALLY2' },
	{ id: 'id-of-malle', code: 'MALLE' },
];
const codes = (classes: { code?: unknown }[]) => classes.map(({ code }) => code);

describe('parentsFirst', () => {
	it('moves what a class hangs on before it, over several levels, and leaves the rest as it was', () => {
		const malle = { code: 'MALLE', parent: 'id-of-rally2' };
		const rally2 = { code: 'RALLY2', parent: { id: 'id-of-rally' } };
		const ordered = parentsFirst([{ code: 'CAR' }, malle, rally2, { code: 'RALLY' }, { code: 'SSV' }], known);
		expect(codes(ordered)).toEqual(['CAR', 'RALLY', 'RALLY2', 'MALLE', 'SSV']);
	});

	it('keeps every class, also of circles, unknown parents and equal codes', () => {
		const circle = [
			{ code: 'RALLY2', parent: 'id-of-malle' },
			{ code: 'MALLE', parent: 'id-of-rally2' },
			{ code: 'MALLE', parent: 'nobody' },
		];
		expect(parentsFirst(circle, known)).toHaveLength(3);
		expect(parentsFirst([{ code: 'A', parent: 5 }, {}], [])).toHaveLength(2);
	});
});
