import { randomBytes, randomUUID } from 'node:crypto';
import type { Stack } from '../support/stack.js';
import { queryFlagging } from '../support/flagging.js';
import { Batch } from './rows.js';
import { DIRECTUS_ROLE, MEMBERS, ROLES, type Role } from './roles.js';
import { canary, makeSide, newSlug, type Side } from './side.js';

/**
 * The organisations and persons of the access tests. How to use it:
 *
 *     useServedStack(async (stack) => {
 *         world = await makeWorld(stack);
 *         client = new Client(stack.url, world.tokens);
 *     });
 *     const { status } = await client.rest('owner', 'GET', `/items/events/${world.foreign.draft.event}`);
 *
 * Everything in it stays as it is: a test that changes rows makes rows of its own (Batch).
 */
export interface World {
	/** the person of each column; the public has none */
	persons: Record<Role, string | null>;
	tokens: Record<Role, string | null>;
	/** the Directus role of each person */
	personRoles: Partial<Record<Role, string>>;
	/** Directus's roles by name */
	roles: Record<string, string>;
	/** where the members are members, each with his role, and the competitor is in the crew of the draft event's entry */
	own: Side;
	/** somebody else's, with a draft event and a published one */
	foreign: Side;
	/** an organisation that has published nothing */
	quiet: string;
	/** a second organisation of the same members, with the same roles: what they may bring into their own comes from there */
	sister: string;
	/** users: a marshal of the own organisation, an owner of the foreign and of the quiet one */
	colleague: string;
	foreigner: string;
	stranger: string;
	/** memberships of these three */
	memberships: { colleague: string; foreigner: string; stranger: string };
	/** Strings that stand only in rows of the foreign organisation that nobody outside of it may see, whatever he asks for. */
	secrets: string[];
}

export async function makeWorld(stack: Stack): Promise<World> {
	const roles = await rolesByName(stack);
	const people = new Batch();
	const users = addUsers(people, roles);
	await people.insert(stack);

	const { persons, personRoles } = users;
	const borrowers = new Batch();
	const quiet = borrowers.add('organizations', { name: canary(), slug: newSlug() });
	const sister = borrowers.add('organizations', { name: canary(), slug: newSlug() });
	await borrowers.insert(stack);
	const own = await makeSide(stack, 'Own', sister, { draft: persons.competitor, published: null });
	const foreign = await makeSide(stack, 'Foreign', quiet, { draft: users.foreigner, published: users.foreigner });

	const rest = new Batch();
	const join = (organization: string, user: string | null, role: string) =>
		rest.add('organization_users', { organization, user, role });

	for (const role of MEMBERS) {
		join(own.organization, persons[role], role);
		join(sister, persons[role], role);
	}

	const memberships = {
		colleague: join(own.organization, users.colleague, 'marshal'),
		foreigner: join(foreign.organization, users.foreigner, 'owner'),
		stranger: join(quiet, users.stranger, 'owner'),
	};

	await rest.insert(stack);
	await setFlagger(stack, own, persons.operator);
	await setFlagger(stack, foreign, users.foreigner);
	const { data: administrator } = (await stack.api('GET', '/users/me')).body;
	persons.administrator = administrator.id;
	personRoles.administrator = administrator.role;

	return {
		...users,
		tokens: { ...users.tokens, administrator: stack.token },
		roles,
		own,
		foreign,
		quiet,
		sister,
		memberships,
		secrets: await findSecrets(stack, foreign, users.foreigner),
	};
}

/** As if one of the organisation had flagged: who made a flag decides who reads it. */
async function setFlagger(stack: Stack, { draft, published }: Side, user: string | null): Promise<void> {
	const sql = 'UPDATE position_flags SET user_created = $1 WHERE id = ANY($2)';
	await queryFlagging(stack, sql, [user, [draft.flag, published.flag]]);
}

async function rolesByName({ db }: Stack): Promise<Record<string, string>> {
	const { rows } = await db.query<{ name: string; id: string }>('SELECT name, id FROM directus_roles');
	const roles = Object.fromEntries(rows.map(({ name, id }) => [name, id]));
	const missing = Object.values(DIRECTUS_ROLE).filter((name) => !(name in roles));
	if (missing.length > 0) throw new Error(`There is no Directus role ${missing.join(', ')}: was access.yaml applied?`);
	return roles;
}

/** A row of directus_users that may sign in by his token. */
export function userRow(role: string | null, more: object = {}) {
	return {
		id: randomUUID(),
		first_name: canary(),
		last_name: canary(),
		email: `${canary()}@example.com`,
		status: 'active',
		role,
		...more,
	};
}

function addUsers(batch: Batch, roles: Record<string, string>) {
	const persons = Object.fromEntries(ROLES.map((role) => [role, null])) as World['persons'];
	const tokens = Object.fromEntries(ROLES.map((role) => [role, null])) as World['tokens'];

	const personRoles: World['personRoles'] = {};

	for (const [role, name] of Object.entries(DIRECTUS_ROLE) as [Role, string][]) {
		const token = randomBytes(16).toString('hex');
		tokens[role] = token;
		personRoles[role] = roles[name] as string;
		persons[role] = batch.add('directus_users', userRow(roles[name] as string, { token, description: canary() }));
	}

	const staff = () =>
		batch.add(
			'directus_users',
			userRow(roles['Staff'] as string, { description: canary(), token: canary(), password: canary() }),
		);
	return { persons, personRoles, tokens, colleague: staff(), foreigner: staff(), stranger: staff() };
}

/** What rows of the foreign organisation hold, but for what a published event shows to everybody. */
async function findSecrets({ db }: Stack, { organization, draft, published }: Side, user: string): Promise<string[]> {
	const { rows } = await db.query<{ text: string }>(
		`SELECT name AS text FROM events WHERE id = $1
		UNION ALL SELECT unnest(ARRAY[code, name]) FROM classes WHERE event = $1
		UNION ALL SELECT team FROM entries WHERE event = $1
		UNION ALL SELECT unnest(ARRAY[make, model]) FROM vehicles WHERE id = $2
		UNION ALL SELECT unnest(ARRAY[plate, vin]) FROM vehicles WHERE id IN ($2, $3)
		UNION ALL SELECT unnest(ARRAY[imei, model, phone]) FROM devices WHERE id IN ($4, $5)
		UNION ALL SELECT name FROM entry_crew WHERE entry IN ($6, $7)
		UNION ALL SELECT reason FROM position_flags WHERE device IN ($4, $5)
		UNION ALL SELECT unnest(ARRAY[first_name, last_name, email, description]) FROM directus_users WHERE id = $8
		UNION ALL SELECT id::text FROM organization_users WHERE organization = $9`,
		[
			draft.event,
			draft.vehicle,
			published.vehicle,
			draft.device,
			published.device,
			draft.entry,
			published.entry,
			user,
			organization,
		],
	);

	return rows.map(({ text }) => text);
}
