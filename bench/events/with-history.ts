import type { Sizes } from './arguments.js';
import { clearUp, measureDrain } from './drain.js';
import { expireFrom, insertRetained, retainedFrom } from './outbox-rows.js';
import { startRelay } from './programs.js';
import { eventually } from '../../tests/support/processes.js';
import type { Scope } from './scope.js';
import { takeTurns, type Contestant } from './turns.js';
import type { Place, World } from './world.js';

/** Published rows of the short history. */
const FEW = 10_000;

/** So many times the rows of a drain expire during it: more than retention deletes in that time. */
const EXPIRING = 3;

/**
 * The relay drains an outbox with few and with many published rows in it, and with rows that expire and are deleted
 * meanwhile.
 * @returns events per second, by round; and how many rows were deleted during each drain.
 */
export async function measureWithHistory(world: World, scope: Scope, sizes: Sizes) {
	const rows = Math.ceil(sizes.rows / 5);
	const period = rows * EXPIRING;
	// One period more than rounds is for the unmeasured one.
	const expiringRows = period * (sizes.rounds + 1) + 1;
	const places = { few: FEW, many: sizes.retained, expiring: expiringRows };
	const contestants: Contestant[] = [];
	const deleted: number[] = [];

	for (const [name, retained] of Object.entries(places)) {
		console.log(`  a history of ${retained} published rows (${name})`);
		const place = await world.newPlace(scope);
		await insertRetained(world, place, retained, name === 'expiring' ? period : null);
		await startRelay(scope, place, sizes.profiles);
		contestants.push(
			name === 'expiring' ? whileExpiring(world, place, rows, period, deleted) : plain(world, place, name, rows),
		);
	}

	for (const { measure } of contestants) await measure();
	deleted.length = 0;
	return { rates: await takeTurns(contestants, sizes.rounds, 'events/s'), deleted };
}

function plain(world: World, place: Place, name: string, rows: number): Contestant {
	return {
		name,
		async measure() {
			const rate = await measureDrain(world, place, rows);
			await clearUp(world, place);
			return rate;
		},
	};
}

function whileExpiring(world: World, place: Place, rows: number, period: number, deleted: number[]): Contestant {
	let next = 1;

	return {
		name: 'expiring',
		async measure() {
			let begin = 0;

			const rate = await measureDrain(world, place, rows, async () => {
				await expireFrom(place, next);
				begin = await eventually('expired rows are being deleted', async () => {
					const seq = await retainedFrom(place);
					return seq > next && seq;
				});
			});

			deleted.push((await retainedFrom(place)) - begin);
			next += period;
			await eventually('all that has expired is deleted', async () => (await retainedFrom(place)) === next);
			await clearUp(world, place);
			return rate;
		},
	};
}
