import type pg from 'pg';

/** An operator of the first organisation. */
export const MEMBER_TOKEN = 'operator-of-the-lists';

/** Twenty organisations with 30 members, 200 vehicles and trackers, and 250 entries in four events, three of them published. */
const ROWS = `
	INSERT INTO organizations (id, name, slug, status)
		SELECT md5('org' || o)::uuid, 'Club ' || o, 'o' || o, 'active' FROM generate_series(1, 20) o;
	INSERT INTO directus_users (id, first_name, email, status, role, token)
		SELECT md5('u' || u)::uuid, 'U' || u, 'u' || u || '@example.com', 'active',
			(SELECT id FROM directus_roles WHERE name = 'Operator'), CASE u WHEN 1 THEN '${MEMBER_TOKEN}' END
		FROM generate_series(1, 600) u;
	INSERT INTO organization_users (id, organization, "user", role)
		SELECT gen_random_uuid(), md5('org' || ((u - 1) / 30 + 1))::uuid, md5('u' || u)::uuid, 'operator' FROM generate_series(1, 600) u;
	INSERT INTO events (id, organization, name, slug, status, start_date, end_date, timezone)
		SELECT md5('e' || o || '-' || e)::uuid, md5('org' || o)::uuid, 'Rally ' || e, 'e' || e,
			CASE e WHEN 1 THEN 'draft' ELSE 'official' END, '2026-06-01', '2026-06-10', 'UTC'
		FROM generate_series(1, 20) o, generate_series(1, 4) e;
	INSERT INTO classes (id, event, kind, code, name)
		SELECT md5('c' || o || '-' || e)::uuid, md5('e' || o || '-' || e)::uuid, 'moto', 'M', 'Moto'
		FROM generate_series(1, 20) o, generate_series(1, 4) e;
	INSERT INTO vehicles (id, organization, kind, make, model)
		SELECT md5('v' || o || '-' || n)::uuid, md5('org' || o)::uuid, 'moto', 'Make ' || n % 40, 'M' || n
		FROM generate_series(1, 20) o, generate_series(1, 200) n;
	INSERT INTO devices (id, organization, imei, status)
		SELECT md5('d' || o || '-' || n)::uuid, md5('org' || o)::uuid, lpad((o * 1000000 + n)::text, 15, '3'), 'active'
		FROM generate_series(1, 20) o, generate_series(1, 200) n;
	INSERT INTO organization_vehicles (id, organization, vehicle)
		SELECT gen_random_uuid(), md5('org' || o % 20 + 1)::uuid, md5('v' || o || '-' || n)::uuid
		FROM generate_series(1, 20) o, generate_series(1, 20) n;
	INSERT INTO organization_devices (id, organization, device)
		SELECT gen_random_uuid(), md5('org' || o % 20 + 1)::uuid, md5('d' || o || '-' || n)::uuid
		FROM generate_series(1, 20) o, generate_series(1, 20) n;
	INSERT INTO entries (id, event, status, race_number, class, vehicle, team)
		SELECT md5('n' || o || '-' || n)::uuid, md5('e' || o || '-' || n % 4 + 1)::uuid, 'started', n,
			md5('c' || o || '-' || n % 4 + 1)::uuid, md5('v' || o || '-' || n % 200 + 1)::uuid, 'Team ' || n % 50
		FROM generate_series(1, 20) o, generate_series(1, 250) n;
	INSERT INTO entry_crew (id, entry, role, name)
		SELECT gen_random_uuid(), md5('n' || o || '-' || n)::uuid, 'rider', 'Rider ' || n
		FROM generate_series(1, 20) o, generate_series(1, 250) n;
	INSERT INTO entry_devices (id, entry, device, role, assigned_from, assigned_to)
		SELECT gen_random_uuid(), md5('n' || o || '-' || n)::uuid, md5('d' || o || '-' || n % 200 + 1)::uuid, 'primary',
			'2026-01-01'::timestamptz + n / 200 * interval '20 days', '2026-01-11'::timestamptz + n / 200 * interval '20 days'
		FROM generate_series(1, 20) o, generate_series(1, 250) n;
	INSERT INTO position_flags (id, request, device, faulty, reason, keys, matched, changed)
		SELECT gen_random_uuid(), gen_random_uuid(), md5('d' || o || '-' || n)::uuid, true, 'Bridge', '["2026-06-07T08:00:00.000000Z"]', 1, 1
		FROM generate_series(1, 20) o, generate_series(1, 100) n;`;

/** 5,000 entries, 4,000 vehicles, 20 organisations, and what belongs to them. */
export async function fillLists(db: pg.Pool): Promise<void> {
	const client = await db.connect();
	try {
		await client.query(`BEGIN; SET LOCAL trm.flagging = 'on'; ${ROWS} COMMIT; ANALYZE`);
	} finally {
		client.release();
	}
}
