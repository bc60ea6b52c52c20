import { benchmark } from './benchmark.js';
import { fillLists, MEMBER_TOKEN } from './lists/data.js';
import { questionsOf, COLLECTIONS, type Kind } from './lists/questions.js';
import { startDirectus } from './events/programs.js';
import { World } from './events/world.js';
import { median, percentile, ratioByRound } from './statistics.js';
import { timed } from './timed.js';

/**
 * How long a member waits for a list, against an administrator who asks the same question of the same rows, in turns: the first page, the
 * number of rows, a page sorted by a related name, and a search, of each collection. docs/development.md says what is expected.
 * Argument: how many rounds (20).
 */
const rounds = Number(process.argv[2] ?? 20);

interface Measured {
	name: string;
	ratio: number;
	member: number[];
}

async function measure(url: string, administrator: string, collection: string, kind: Kind): Promise<Measured> {
	const path = questionsOf(collection)[kind];
	const member: number[] = [];
	const other: number[] = [];

	for (let round = -2; round < rounds; round += 1) {
		const first = round % 2 === 0;
		const mine = first ? await timed(url, MEMBER_TOKEN, 'GET', path) : null;
		const theirs = await timed(url, administrator, 'GET', path);
		const taken = mine ?? (await timed(url, MEMBER_TOKEN, 'GET', path));
		// The first two compile the code and warm the caches.
		if (round < 0) continue;
		member.push(taken);
		other.push(theirs);
	}

	const measured = { name: `${collection} ${kind}`, ratio: ratioByRound(member, other), member };
	console.log(
		`  ${measured.name.padEnd(34)} ${measured.ratio.toFixed(2).padStart(6)}  ${median(member).toFixed(0).padStart(5)} ms`,
	);
	return measured;
}

await benchmark(async (scope) => {
	const world = await World.make(scope);
	const place = await world.newPlace(scope);
	const administrator = await startDirectus(scope, place);
	await fillLists(place.db);
	const results: Measured[] = [];

	for (const collection of COLLECTIONS) {
		for (const kind of Object.keys(questionsOf(collection)) as Kind[]) {
			results.push(await measure(place.url, administrator, collection, kind));
		}
	}

	const worst = results.toSorted((a, b) => b.ratio - a.ratio)[0] as Measured;
	return {
		member_vs_admin_worst: worst.ratio,
		worst: worst.name,
		member_vs_admin_median: median(results.map(({ ratio }) => ratio)),
		member_ms_p95: percentile(
			results.flatMap(({ member }) => member),
			95,
		),
		questions: results.length,
		rounds,
	};
});
