import { afterAll, describe, expect, it } from 'vitest';
import { reportCounts } from '../support/report-counts.js';
import { useServedStack } from '../support/served.js';
import type { Answer, Stack } from '../support/stack.js';
import type { Attack, Group } from './attacks/attack.js';
import { differences, takeFingerprint } from './attacks/fingerprint.js';
import { GROUPS } from './attacks/groups.js';
import { leaksIn } from './attacks/leaks.js';
import { makeSetting, type Setting } from './attacks/setting.js';
import { Client, inParallel } from './client.js';
import { makeWorld } from './world.js';

const failures = new Map<Attack, string[]>();
const traces = new Map<Group, string[]>();
let stack: Stack;
let client: Client;

useServedStack(async (served) => {
	stack = served;
	const world = await makeWorld(stack);
	client = new Client(stack.url, world.tokens);
	const setting = await makeSetting(stack, world);

	for (const group of GROUPS) {
		const before = await takeFingerprint(stack);
		await inParallel(group.attacks, async (attack) => void failures.set(attack, await launch(attack, setting)));
		traces.set(group, differences(before, await takeFingerprint(stack)));
	}
});

async function launch(attack: Attack, setting: Setting): Promise<string[]> {
	const asks = attack.asks(setting);
	const answers: Answer[] = [];

	for (const ask of asks) {
		answers.push(await (attack.send?.(client, ask) ?? client.rest(...ask)));
	}

	const leaks = asks.flatMap((ask, index) => leaksIn(setting, ask, answers[index] as Answer));
	const verdict = attack.judge(answers, setting);
	return verdict === null ? leaks : [...leaks, verdict];
}

afterAll(({}, suite) => {
	const attacks = GROUPS.flatMap((group) => group.attacks);
	const failed = attacks.filter((attack) => failures.get(attack)?.length !== 0).length;
	const traced = GROUPS.filter((group) => traces.get(group)?.length !== 0).length;

	reportCounts(suite, {
		attacks: attacks.length,
		attacks_failed: failed + traced,
		server_errors: client?.serverErrors.length ?? 0,
	});
});

describe.each(GROUPS.map((group) => [group.name, group] as const))('%s', (_, group) => {
	it.each(group.attacks.map((attack) => [attack.name, attack] as const))('%s', (__, attack) =>
		expect(failures.get(attack)?.join('\n') ?? 'was not launched').toBe(''),
	);

	it('leaves everything as it was', () => expect(traces.get(group)?.join('\n') ?? 'was not launched').toBe(''));
});
