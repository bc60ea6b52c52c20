import { existsSync, mkdtempSync, readFileSync, writeFileSync, mkdirSync, cpSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRoadBook, writeGpx } from '../index.js';
const read = (name: string) => readFileSync(new URL(`../examples/${name}`, import.meta.url));
it('x', () => {
	for (const name of ['every-element.gpx', 'every-element-extended.gpx']) {
		const a = readRoadBook(read(name));
		console.log(
			JSON.stringify(
				a.warnings.map(({ remedy, ...w }) => w),
				null,
				1,
			),
		);
		console.log(JSON.stringify(a.book.waypoints, null, 1));
		for (const p of ['extended', 'strict'] as const) {
			const w = writeGpx(a.book, p);
			console.log(
				w.text,
				w.left_out.map((l) => `${l.box} ${l.code} ${l.message}`),
			);
		}
		const again = readRoadBook(Buffer.from(writeGpx(a.book, 'extended').text));
		const plain = (b: typeof a.book) => ({
			...b,
			version: null,
			waypoints: b.waypoints.map((w) => ({ ...w, line: null })),
		});
		expect(plain(again.book)).toEqual(plain(a.book));
	}
});
