import { describe, expect, it } from 'vitest';
import { nameOf, setUpMatrix, subjects } from './matrix.js';
import { planRights, RIGHTS_CELL } from './rights.js';
import { MEMBERS, ROLES } from './roles.js';
import { readTable } from './table.js';

const rights = [...readTable('rights.txt', 2, RIGHTS_CELL), ...readTable('rights-system.txt', 2, RIGHTS_CELL)];

const matrix = setUpMatrix({
	plan: (given, client) => rights.flatMap((line) => planRights(line, subjects, given, client)),
});

describe('rights', () => {
	it.each(rights.map(nameOf))('%s', (line) => expect(matrix().failuresOf(line)).toEqual([]));
});

// Directus joins what a permission's filter asks of other rows, and counts what that makes of one row.
it.each(ROLES)('counts a published organisation once, and not with its members: %s', async (role) => {
	const { client, world } = matrix();
	const query = `aggregate[count]=id&filter[id][_eq]=${world.foreign.organization}`;
	const { status, body } = await client.rest(role, 'GET', `/items/organizations?${query}`);
	if (status === 200) expect(Number(body.data[0].count.id)).toBe(1);
	else expect([400, 403]).toContain(status);
});

it('gives nobody the right to share', async () => {
	for (const role of MEMBERS) {
		const { body } = await matrix().client.rest(role, 'GET', '/permissions/me');
		const held = Object.entries<Record<string, { access: string }>>(body.data);
		expect(held.filter(([, { share }]) => share?.access !== 'none').map(([collection]) => collection)).toEqual([]);
	}
});

it('answers nothing with a server error', () => {
	expect(matrix().client.serverErrors).toEqual([]);
});
