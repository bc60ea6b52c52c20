import { expect, it } from 'vitest';
import { useServedStack } from '../support/served.js';
import type { Stack } from '../support/stack.js';

/**
 * Five organisations with thirty members and 3,000 entries each; the first has 3,000 flags by its members. Directus turns a right into joins and subqueries; one whose rows
 * do not fit in work_mem is run anew for each row, which makes hours of half a second.
 */
let stack: Stack;

const OPERATOR_TOKEN = 'operator-of-the-lists';

const DATA = `
	SET session_replication_role = replica;
	INSERT INTO organizations (id, name, slug, status)
		SELECT md5('org' || o)::uuid, 'o' || o, 'o' || o, 'active' FROM generate_series(1, 5) o;
	INSERT INTO directus_users (id, email, status, role, token)
		SELECT md5('u' || u)::uuid, 'u' || u || '@example.com', 'active', (SELECT id FROM directus_roles WHERE name = 'Operator'),
			CASE u WHEN 1 THEN '${OPERATOR_TOKEN}' END
		FROM generate_series(1, 31) u;
	INSERT INTO organization_users (id, organization, "user", role)
		SELECT gen_random_uuid(), md5('org' || o)::uuid, md5('u' || u)::uuid, 'operator'
		FROM generate_series(1, 5) o, generate_series(1, 31) u
		WHERE CASE u WHEN 1 THEN o = 1 WHEN 31 THEN o = 2 ELSE true END;
	INSERT INTO events (id, organization, name, slug, status, start_date, end_date, timezone)
		SELECT md5('e' || o || '-' || e)::uuid, md5('org' || o)::uuid, 'e' || e, 'e' || e,
			CASE e WHEN 1 THEN 'draft' ELSE 'official' END, '2026-06-01', '2026-06-10', 'UTC'
		FROM generate_series(1, 5) o, generate_series(1, 4) e;
	INSERT INTO classes (id, organization, event, kind, code, name)
		SELECT md5('c' || o || '-' || e)::uuid, md5('org' || o)::uuid, md5('e' || o || '-' || e)::uuid, 'moto', 'M', 'M'
		FROM generate_series(1, 5) o, generate_series(1, 4) e;
	INSERT INTO vehicles (id, organization, kind, make, user_created)
		SELECT md5('v' || o || '-' || n)::uuid, md5('org' || o)::uuid, 'moto', 'KTM', md5('u' || n % 30 + 1)::uuid
		FROM generate_series(1, 5) o, generate_series(1, 750) n;
	INSERT INTO organization_vehicles (id, organization, lender, vehicle)
		SELECT gen_random_uuid(), md5('org' || o % 5 + 1)::uuid, md5('org' || o)::uuid, md5('v' || o || '-' || n)::uuid
		FROM generate_series(1, 5) o, generate_series(1, 75) n;
	INSERT INTO devices (id, organization, imei, status, user_created)
		SELECT md5('d' || o || '-' || n)::uuid, md5('org' || o)::uuid, lpad((o * 1000000 + n)::text, 15, '3'), 'active', md5('u' || n % 30 + 1)::uuid
		FROM generate_series(1, 5) o, generate_series(1, 750) n;
	INSERT INTO organization_devices (id, organization, lender, device)
		SELECT gen_random_uuid(), md5('org' || o % 5 + 1)::uuid, md5('org' || o)::uuid, md5('d' || o || '-' || n)::uuid
		FROM generate_series(1, 5) o, generate_series(1, 75) n;
	INSERT INTO entries (id, organization, event, status, race_number, class, vehicle)
		SELECT md5('n' || o || '-' || e || '-' || n)::uuid, md5('org' || o)::uuid, md5('e' || o || '-' || e)::uuid, 'started', n,
			md5('c' || o || '-' || e)::uuid, md5('v' || o || '-' || n)::uuid
		FROM generate_series(1, 5) o, generate_series(1, 4) e, generate_series(1, 750) n;
	INSERT INTO entry_crew (id, organization, entry, role, name)
		SELECT gen_random_uuid(), md5('org' || o)::uuid, md5('n' || o || '-' || e || '-' || n)::uuid, 'rider', 'R' || n || '-' || c
		FROM generate_series(1, 5) o, generate_series(1, 4) e, generate_series(1, 750) n, generate_series(1, 2) c;
	INSERT INTO entry_devices (id, organization, entry, device, role, assigned_from, assigned_to)
		SELECT gen_random_uuid(), md5('org' || o)::uuid, md5('n' || o || '-' || e || '-' || n)::uuid, md5('d' || o || '-' || n)::uuid, 'primary',
			'2026-01-01'::timestamptz + e * interval '20 days', '2026-01-01'::timestamptz + e * interval '20 days' + interval '10 days'
		FROM generate_series(1, 5) o, generate_series(1, 4) e, generate_series(1, 750) n;
	INSERT INTO position_flags (id, organization, request, device, faulty, reason, "from", "to", keys, matched, changed, user_created)
		SELECT gen_random_uuid(), md5(CASE made.by WHEN 'other' THEN 'org2' ELSE 'org1' END)::uuid, gen_random_uuid(),
			md5('d1-' || n % 750 + 1)::uuid, true, made.by,
			'2026-06-07 08:00:00Z'::timestamptz, '2026-06-07 08:00:01Z'::timestamptz, '["2026-06-07T08:00:00.000000Z"]', 1, 1,
			CASE made.by WHEN 'member' THEN md5('u' || n % 30 + 1)::uuid WHEN 'other' THEN md5('u31')::uuid END
		FROM (VALUES ('member', 3000), ('other', 300), ('nobody', 30)) AS made (by, number), generate_series(1, made.number) n;
	SET session_replication_role = DEFAULT;
	-- What the triggers fill in.
	UPDATE organization_users SET role = role;
	UPDATE organizations SET published = NULL;
	UPDATE vehicles SET published = NULL;
	ANALYZE;
`;

useServedStack(async (served) => {
	stack = served;
	await stack.db.query(DATA);
});

/** With what a member sees of it: published events are everybody's, trackers only those of the organisation. */
it.each<[string, number]>([
	['vehicles?limit=-1&sort=make,id', 3750],
	['entries?limit=-1&fields=id,race_number,vehicle.make,class.code', 750 * (4 + 4 * 3)],
	['entry_crew?limit=-1&fields=id,name', 750 * 4 * 2],
	['entry_devices?limit=-1&fields=id,device.imei', 750 * 4],
	// With those that another organisation lends.
	['devices?limit=-1&sort=imei', 750 + 75],
	// Those of 'other' were flagged for another organisation.
	['position_flags?limit=-1&sort=-date_created,id&fields=*,device.imei', 3030],
	['position_flags?limit=50&sort=-date_created,id&filter[faulty][_eq]=true', 50],
	['organization_vehicles?limit=-1&fields=id,vehicle.make', 75 + 75],
	['events?limit=-1&fields=*,classes.code', 4 + 4 * 3],
	['organizations', 5],
	['organization_users', 1],
])('an operator lists %s', async (path, rows) => {
	const { status, body } = await stack.api('GET', `/items/${path}`, undefined, OPERATOR_TOKEN);

	expect(body.errors).toBeUndefined();
	expect(status).toBe(200);
	expect(body.data).toHaveLength(rows);
});

it('whoever is not signed in lists the vehicles of published events', async () => {
	const { status, body } = await stack.api('GET', '/items/vehicles?limit=-1', undefined, null);

	expect(status).toBe(200);
	expect(body.data).toHaveLength(3750);
});
