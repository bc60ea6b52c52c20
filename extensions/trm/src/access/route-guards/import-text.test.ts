import { describe, expect, it } from 'vitest';
import { importText, NotUtf8 } from './import-text.js';

async function read(...chunks: Buffer[]): Promise<string> {
	const parts: Buffer[] = [];
	for await (const chunk of importText(
		(async function* () {
			yield* chunks;
		})(),
	))
		parts.push(chunk);
	return Buffer.concat(parts).toString();
}

describe('importText', () => {
	it('passes UTF-8 on, letters that are cut between two chunks and a mark at the beginning included', async () => {
		const text = '\ufeffmake\nCitroën\n';
		const bytes = Buffer.from(text);
		const cut = bytes.indexOf(0xab);
		expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(text);
		expect(await read()).toBe('');
	});

	it.each([
		['Windows-1252', Buffer.from('Citro\u00ebn\n', 'latin1')],
		['UTF-16', Buffer.from('\ufeffmake\n', 'utf16le')],
		['a letter cut off at the end', Buffer.from('Citroë').subarray(0, -1)],
	])('refuses %s', async (_, bytes) => {
		await expect(read(bytes)).rejects.toThrow(NotUtf8);
	});
});
