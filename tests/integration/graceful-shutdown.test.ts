import { Agent, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/processes.js';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let home: string;

beforeAll(async () => {
	stack = await startStack({ env: { SERVER_SHUTDOWN_TIMEOUT: '5000' } });
	home = await stack.home();
});

afterAll(() => stack.stop());

/** Creates a vehicle, on a kept connection or a new one. @returns whether it was answered; a refused or reset connection was not. */
function create(model: string, agent: Agent | false): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const headers = { Authorization: `Bearer ${stack.token}`, 'Content-Type': 'application/json' };
		const request = httpRequest(`${stack.url}/items/vehicles`, { method: 'POST', agent, headers }, (response) => {
			response
				.on('error', reject)
				.on('end', () => resolve(response.statusCode === 200))
				.resume();
		});

		request.on('error', () => resolve(false));
		request.end(JSON.stringify({ organization: home, make: 'KTM', model, kind: 'moto' }));
	});
}

describe('a server that is stopped under load', () => {
	it.each([1, 2])('answers every request that it has taken (round %s)', async (round) => {
		const agent = new Agent({ keepAlive: true });
		const answered: string[] = [];
		const unanswered: string[] = [];

		const workers = Array.from({ length: 6 }, async (_, worker) => {
			for (let number = 0; ; number += 1) {
				const model = `${round}-${worker}-${number}`;
				if (!(await create(model, worker % 2 === 0 ? agent : false))) return unanswered.push(model);
				answered.push(model);
			}
		});

		await eventually('the load runs', async () => answered.length > 30);
		expect(await stack.end()).toBe(0);
		await Promise.all(workers);
		agent.destroy();

		const { rows } = await stack.db.query<{ model: string }>('SELECT model FROM vehicles WHERE model LIKE $1', [
			`${round}-%`,
		]);
		const written = rows.map(({ model }) => model);
		expect(written).toEqual(expect.arrayContaining(answered));
		expect(unanswered.filter((model) => written.includes(model))).toEqual([]);
		await stack.start();
	});
});
