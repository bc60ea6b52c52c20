import { loadavg } from 'node:os';
import { measureAgainstBareLoop } from './events/against-bare-loop.js';
import { parseSizes, type Part, type Sizes } from './events/arguments.js';
import { measureCreates } from './events/create.js';
import { measureLatency, summarise } from './events/latency.js';
import { printRates, printResults } from './events/report.js';
import { Scope } from './events/scope.js';
import { measureWithHistory } from './events/with-history.js';
import { World } from './events/world.js';
import { median, ratioByRound } from './statistics.js';

/**
 * What the event stream costs and how quick it is, as ratios to what is measured in turns with it. docs/development.md says
 * which. Arguments: --rows, --retained, --seconds, --rounds, --only PART,…, --profiles DIRECTORY.
 */
type Results = Record<string, number | string>;
type Measure = (world: World, scope: Scope, sizes: Sizes) => Promise<Results>;

const parts: Record<Part, { what: string; measure: Measure }> = {
	drain: {
		what: 'The relay against a bare loop',
		async measure(world, scope, sizes) {
			const { relay = [], bare_loop: bareLoop = [] } = printRates(
				await measureAgainstBareLoop(world, scope, sizes),
				'events/s',
			);
			return {
				relay_vs_bare_loop: ratioByRound(relay, bareLoop),
				relay_events_per_second: median(relay),
				bare_loop_events_per_second: median(bareLoop),
			};
		},
	},
	latency: {
		what: 'From commit to consumer',
		measure: async (world, scope, sizes) => summarise(await measureLatency(world, scope, sizes)),
	},
	create: {
		what: 'Creates with and without the bundle',
		async measure(world, scope, sizes) {
			const {
				bundle = [],
				without = [],
				no_triggers: noTriggers = [],
			} = printRates(await measureCreates(world, scope, sizes), 'creates/s');
			return {
				create_vs_without: ratioByRound(bundle, without),
				create_vs_no_triggers: ratioByRound(bundle, noTriggers),
				creates_per_second: median(bundle),
			};
		},
	},
	history: {
		what: 'The relay with a short and a long history',
		async measure(world, scope, sizes) {
			const { rates, deleted } = await measureWithHistory(world, scope, sizes);
			const { few = [], many = [], expiring = [] } = printRates(rates, 'events/s');
			return {
				drain_5m_vs_10k: ratioByRound(many, few),
				drain_while_expiring_vs_10k: ratioByRound(expiring, few),
				retained_rows: sizes.retained,
				expired_during_drain: median(deleted),
			};
		},
	},
};

const sizes = parseSizes(process.argv.slice(2));
const scope = new Scope();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(signal, () => void scope.close().finally(() => process.exit(130)));
}

process.once('uncaughtException', (error) => {
	console.error(error);
	void scope.close().finally(() => process.exit(1));
});

async function runAll(): Promise<Results> {
	console.log('Booting a database to copy, and a Redis');
	const world = await World.make(scope);
	const results: Results = {};

	for (const [name, { what, measure }] of Object.entries(parts)) {
		if (!sizes.parts.has(name as Part)) continue;
		console.log(`\n${what}`);
		Object.assign(results, await scope.within((own) => measure(world, own, sizes)));
	}

	return { ...results, rows: sizes.rows, rounds: sizes.rounds, load_average: Number(loadavg()[0]?.toFixed(2)) };
}

try {
	const results = await runAll();
	await scope.close();
	printResults(results);
	console.log(JSON.stringify(results));
} catch (error) {
	// After a signal the servers go while they are measured.
	if (!scope.isClosing) {
		console.error(error);
		process.exitCode = 1;
	}
	await scope.close();
}
