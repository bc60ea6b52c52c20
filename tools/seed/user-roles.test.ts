import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { USER_ROLES } from './user-roles.js';

it('has the roles of snapshots/access.yaml', () => {
	const file = new URL('../../snapshots/access.yaml', import.meta.url);
	const { roles } = load(readFileSync(file, 'utf8')) as { roles: { id: string; name: string }[] };
	const names = Object.entries(USER_ROLES).map(([label, { id }]) => [
		label,
		roles.find((role) => role.id === id)?.name,
	]);

	expect(Object.fromEntries(names)).toEqual({
		owner: 'Organisation owner',
		race_director: 'Race director',
		timekeeper: 'Timekeeper',
		operator: 'Operator',
		marshal: 'Marshal',
		competitor: 'Competitor',
		processor: 'Processor',
		metrics: 'Metrics',
	});
});
