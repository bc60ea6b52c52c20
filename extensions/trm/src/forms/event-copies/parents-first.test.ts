import { describe, expect, it } from 'vitest';
import { parentsFirst } from './parents-first.js';

const known = [
	{ id: '00000000-0000-4000-8000-000000000001', code: 'RALLY' },
	{ id: '00000000-0000-4000-8000-000000000000', code: 'RALLY2' },
	{ id: '00000000-0000-4000-8000-000000000002', code: 'MALLE' },
];
const codes = (classes: { code?: unknown }[]) => classes.map(({ code }) => code);

describe('parentsFirst', () => {
	it('moves what a class hangs on before it, over several levels, and leaves the rest as it was', () => {
		const malle = { code: 'MALLE', parent: '00000000-0000-4000-8000-000000000000' };
		const rally2 = { code: 'RALLY2', parent: { id: '00000000-0000-4000-8000-000000000001' } };
		const ordered = parentsFirst([{ code: 'CAR' }, malle, rally2, { code: 'RALLY' }, { code: 'SSV' }], known);
		expect(codes(ordered)).toEqual(['CAR', 'RALLY', 'RALLY2', 'MALLE', 'SSV']);
	});

	it('keeps every class, also of circles, unknown parents and equal codes', () => {
		const circle = [
			{ code: 'RALLY2', parent: '00000000-0000-4000-8000-000000000002' },
			{ code: 'MALLE', parent: '00000000-0000-4000-8000-000000000000' },
			{ code: 'MALLE', parent: 'nobody' },
		];
		expect(parentsFirst(circle, known)).toHaveLength(3);
		expect(parentsFirst([{ code: 'A', parent: 5 }, {}], [])).toHaveLength(2);
	});
});
