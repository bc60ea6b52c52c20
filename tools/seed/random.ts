import { createHash } from 'node:crypto';

/** Pseudo-random numbers, the same for the same name on every machine. */
export interface Random {
	/** Uniform in [0, 1). */
	uniform(): number;
	/** Normal, mean 0 and standard deviation 1. */
	normal(): number;
}

/**
 * A stream of its own for each name, so that one tracker's fixes do not depend on how many another has.
 * The generator is mulberry32 (Tommy Ettinger, public domain).
 */
export function randomOf(...name: (string | number)[]): Random {
	let state = createHash('sha256').update(name.join('/')).digest().readUInt32LE(0);

	const uniform = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};

	// Box–Muller; 1 - u, because the logarithm of 0 is not a number to go on with.
	const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

	return { uniform, normal };
}
