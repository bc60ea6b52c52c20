import type { Sizes } from './arguments.js';
import { clearUp, measureDrain } from './drain.js';
import { startReady, startRelay } from './programs.js';
import type { Scope } from './scope.js';
import { takeTurns } from './turns.js';
import type { World } from './world.js';

/** The relay drains an outbox in turns with a loop that only claims and sends. @returns events per second, by round. */
export async function measureAgainstBareLoop(world: World, scope: Scope, { rows, rounds, profiles }: Sizes) {
	const places = { relay: await world.newPlace(scope), bare_loop: await world.newPlace(scope) };
	await startRelay(scope, places.relay, profiles);
	await startReady(scope, 'bareLoop', places.bare_loop);

	const contestant = (name: keyof typeof places, count: number) => ({
		name,
		async measure() {
			const rate = await measureDrain(world, places[name], count);
			await clearUp(world, places[name]);
			return rate;
		},
	});

	// Unmeasured: what is compiled and planned once.
	for (const name of ['relay', 'bare_loop'] as const) await contestant(name, Math.ceil(rows / 5)).measure();
	return takeTurns([contestant('relay', rows), contestant('bare_loop', rows)], rounds, 'events/s');
}
