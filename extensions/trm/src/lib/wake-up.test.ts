import { expect, it } from 'vitest';
import { WakeUp } from './wake-up.js';

const LONG_MS = 2_000;

it('cuts a sleep short', async () => {
	const wakeUp = new WakeUp();
	const sleep = wakeUp.wait(LONG_MS);
	wakeUp.ring();
	expect(await sleep).toBe(true);
});

it('cuts the next sleep short, and only that one, where it rings while nobody sleeps', async () => {
	const wakeUp = new WakeUp();
	wakeUp.ring();
	expect(await wakeUp.wait(LONG_MS)).toBe(true);
	expect(await wakeUp.wait(1)).toBe(false);
});
