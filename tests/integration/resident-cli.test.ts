import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigStack, smallAccess } from '../support/access.js';
import { eventually } from '../support/processes.js';

/** The tests' own command line: where it did otherwise than a process, what is asserted with it would mean nothing. */
let config: ConfigStack;
let pending: string;
let broken: string;

beforeAll(async () => {
	config = await ConfigStack.start({ serve: false });
	const { access, published } = smallAccess();
	expect(await config.apply(access)).toMatchObject({ code: 0 });
	published.name = 'Test renamed';
	pending = await config.write('pending.yaml', { ...access, roles: [...access.roles, { id: 'none', name: 'None' }] });
	broken = await config.write('broken.yaml', 'roles: [{');
});

afterAll(() => config?.stop());

describe('says, and exits with, what a process does', () => {
	// The variables of one are gone for the next, on which its process would act otherwise too.
	it.each<[string, number, string[], () => Record<string, string>]>([
		['a failure', 2, ['trm', 'config', 'diff'], () => ({ ACCESS_PATH: broken })],
		['differences', 1, ['trm', 'config', 'diff', '--json'], () => ({})],
		['a refusal', 1, ['trm', 'schema', 'apply', '--dry-run'], () => ({ ACCESS_PATH: pending })],
		['an unknown argument', 1, ['trm', 'schema', 'apply', '--dry'], () => ({})],
	])('on %s', async (_, status, args, env) => {
		const { code, output } = await config.stack.resident.run(args, env());
		expect(code).toBe(status);
		expect(await config.stack.cli(args, { LOG_LEVEL: 'warn', ...env() })).toEqual({ code, output });
	});
});

describe('fails the test', () => {
	/** Runs `use` while every apply waits for its lock. */
	async function whileLocked(use: () => Promise<void>): Promise<void> {
		const holder = await config.stack.db.connect();
		await holder.query(`SELECT pg_advisory_lock(hashtext('trm.config'))`);

		try {
			await use();
		} finally {
			await holder.query(`SELECT pg_advisory_unlock(hashtext('trm.config'))`);
			holder.release();
		}
	}

	const apply = (patience?: number) => config.stack.resident.run(['trm', 'config', 'apply'], {}, patience);

	const isWaiting = () =>
		config.rows(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`);

	it('that asks of it what only a process can do', async () => {
		const { resident } = config.stack;
		const [one, two] = await Promise.allSettled([1, 2].map(() => resident.run(['trm', 'config', 'diff'])));
		expect(one).toMatchObject({ status: 'fulfilled', value: { code: 1 } });
		expect(two).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('Two commands') } });
		await expect(resident.run(['trm', 'config', 'diff'], { DB_PORT: '1' })).rejects.toThrow('run a process: DB_PORT');
	});

	it('when a command does not end, and is there for the next one', async () => {
		await whileLocked(() => expect(apply(1_000)).rejects.toThrow(/not ended within 1000 ms: trm config apply/));
		expect(await config.apply(smallAccess().access)).toMatchObject({ code: 0 });
	});

	it('when it dies', async () => {
		await whileLocked(async () => {
			const outcome = expect(apply()).rejects.toThrow(/the resident ended \(SIGKILL\): trm config apply/);
			await eventually('the command waits', async () => (await isWaiting()).length > 0);
			process.kill(config.stack.resident.pid ?? 0, 'SIGKILL');
			await outcome;
		});
	});
});
