import type { Dice } from './dice.js';

/** The replica that publishes when the fault strikes, or the other one. */
export type Side = 'leader' | 'other';

/** What goes wrong, at `at` milliseconds of the round. After `lasts` milliseconds it is put right. */
export interface Fault {
	at: number;
	lasts: number;
	kind: FaultKind;
	/** For faults of one replica. */
	side: Side;
}

interface Kind {
	weight: number;
	/** what must not suffer another fault meanwhile */
	hits: 'replica' | 'redis' | 'postgres';
	/** milliseconds, least and most; 0 for what is over at once */
	lasts: [number, number];
	/** the rare long time, in which another replica is to take over */
	long?: [number, number];
}

/** Long enough that a leader that hangs is replaced (within 10 s), and short enough to be waited for. */
const LONG: [number, number] = [11_000, 14_000];

/** Milliseconds within which another replica leads when the leader hangs, or cannot reach Redis or Postgres. */
const TAKEOVER = 10_000;

/** One in this many of the faults that can last long does. */
const LONG_ONE_IN = 8;

export const FAULTS = {
	/** kill -9 of Directus; it is started again at once or a little later */
	kill: { weight: 4, hits: 'replica', lasts: [0, 800] },
	/** SIGSTOP, then SIGCONT */
	freeze: { weight: 4, hits: 'replica', lasts: [200, 2_500], long: LONG },
	/** a replica's connections to Redis, or Postgres, are reset and new ones refused */
	cut_redis: { weight: 2, hits: 'replica', lasts: [0, 2_500], long: LONG },
	cut_postgres: { weight: 2, hits: 'replica', lasts: [0, 1_500], long: LONG },
	/** a replica's packets to and from Redis, or Postgres, go nowhere for a while: nothing is refused, nothing answered */
	hang_redis: { weight: 2, hits: 'replica', lasts: [300, 2_500], long: LONG },
	hang_postgres: { weight: 2, hits: 'replica', lasts: [300, 2_500], long: LONG },
	redis_stop: { weight: 2, hits: 'redis', lasts: [0, 1_500] },
	redis_kill: { weight: 3, hits: 'redis', lasts: [0, 1_500] },
	/** killed, and started again without what it had */
	redis_lose: { weight: 3, hits: 'redis', lasts: [0, 1_000] },
	/** killed, and started again with what it had when the round began */
	redis_old: { weight: 3, hits: 'redis', lasts: [0, 1_000] },
	redis_flush: { weight: 4, hits: 'redis', lasts: [0, 0] },
	redis_client_kill: { weight: 2, hits: 'redis', lasts: [0, 0] },
	redis_pause: { weight: 2, hits: 'redis', lasts: [200, 2_000] },
	/** out of memory: maxmemory below what is used, with noeviction */
	redis_full: { weight: 2, hits: 'redis', lasts: [300, 2_000] },
	redis_read_only: { weight: 2, hits: 'redis', lasts: [300, 2_000] },
	/** a fast restart, and one that has to recover from the log */
	postgres_restart: { weight: 2, hits: 'postgres', lasts: [0, 300] },
	postgres_crash: { weight: 2, hits: 'postgres', lasts: [0, 300] },
	/** the relays' sessions end, or everybody's */
	terminate_relay: { weight: 2, hits: 'postgres', lasts: [0, 0] },
	terminate_all: { weight: 2, hits: 'postgres', lasts: [0, 0] },
} satisfies Record<string, Kind>;

export type FaultKind = keyof typeof FAULTS;

const kinds: Readonly<Record<FaultKind, Kind>> = FAULTS;
const weights = Object.fromEntries(Object.entries(kinds).map(([name, { weight }]) => [name, weight])) as Record<
	FaultKind,
	number
>;

/** How long a fault of the servers has effects after it is put right, milliseconds: the relay's pauses between two attempts, and the start of a killed Directus. */
const TROUBLE_AFTER = 10_000;

/** What a fault keeps from suffering another one: leader and other change places, so both replicas count as one. */
export const victimOf = ({ kind }: Fault): string => kinds[kind].hits;

function draw(dice: Dice, latest: number): Fault {
	const kind = dice.weighted(weights);
	const { lasts, long } = kinds[kind];
	const [least, most] = long !== undefined && dice.int(1, LONG_ONE_IN) === 1 ? long : lasts;
	// A killed Directus takes four seconds to start: early, so that the round need not wait for it.
	const at = dice.int(150, kind === 'kill' ? Math.min(latest, 1_200) : latest);

	return { at, lasts: dice.int(least, most), kind, side: dice.chance(0.75) ? 'leader' : 'other' };
}

const overlap = (a: Fault, b: Fault) => a.at <= b.at + b.lasts + 300 && b.at <= a.at + a.lasts + 300;

/** Whether the other replica must lead when this fault is put right: it was given the time, and nothing else went wrong meanwhile. */
export function mustBeTakenOver(fault: Fault, faults: Fault[]): boolean {
	const end = fault.at + fault.lasts;
	const others = faults.filter((other) => other !== fault && other.at < end);
	const calm = Math.max(fault.at, ...others.map(({ at, lasts }) => at + lasts + TROUBLE_AFTER));

	return fault.side === 'leader' && kinds[fault.kind].hits === 'replica' && end - calm > TAKEOVER;
}

/** One to three faults, often two at once, never two at once of the same thing. */
export function planFaults(dice: Dice, time: number): Fault[] {
	const count = dice.weighted({ '1': 3, '2': 4, '3': 2 });
	const faults: Fault[] = [];

	for (let tries = 0; faults.length < Number(count) && tries < 20; tries += 1) {
		const fault = draw(dice, time - 700);
		const near = faults[0];
		// Half of the later faults strike within the first one or just after it.
		if (near !== undefined && dice.chance(0.5)) fault.at = near.at + dice.int(0, Math.min(near.lasts + 200, 2_000));
		// Most of the long ones come alone: what else goes wrong could keep the other replica from taking over.
		if (near === undefined && fault.lasts > TAKEOVER && dice.chance(0.7)) return [fault];
		if (!faults.some((other) => victimOf(other) === victimOf(fault) && overlap(other, fault))) faults.push(fault);
	}

	return faults.sort((a, b) => a.at - b.at);
}
