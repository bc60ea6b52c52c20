import { z } from 'zod';
import { duration } from '../lib/duration.js';
import { parseEnvironment } from '../lib/environment.js';

const environment = z.object({
	POSITIONS_TIME_LIMIT: duration.default(60),
});

export interface PositionsEnvironment {
	/** seconds that a request to one of these routes may keep the database busy */
	timeLimit: number;
}

/** @throws Error naming the variable. */
export function parsePositionsEnvironment(env: Record<string, unknown>): PositionsEnvironment {
	return { timeLimit: parseEnvironment(environment, env).POSITIONS_TIME_LIMIT };
}
