import { randomBytes, randomUUID } from 'node:crypto';
import type { Stack } from '../../support/stack.js';
import type { Caller } from '../client.js';
import { Batch } from '../rows.js';
import { canary, EVENT_TIMES, newImei, newSlug, newVin } from '../side.js';
import { userRow, type World } from '../world.js';
import { addSystemRows, type SystemRows } from './system-rows.js';

/** The world, and what only attacks need. */
export interface Setting extends World {
	url: string;
	/** What must be in no answer to this caller. */
	secretsFor(caller: Caller): string[];
	/** staff whose last membership was taken away */
	dismissed: Caller;
	/** what he made and no organisation has */
	leftBehind: { device: string; vehicle: string };
	/** owner of the own organisation, and a viewer and timekeeper of the foreign one */
	guest: Caller;
	/** a device and a vehicle that both organisations have */
	shared: { device: string; vehicle: string };
	/** of both organisations, on the foreign entry until noon of 8 June 2026 and on the own one from then on; a fix each, the first with a flag */
	lent: { device: string; imei: string; assignment: string; flag: string };
	/** a draft entry of the own organisation with nothing in it */
	plainEntry: string;
	/** a class of the own draft event, beside the one that its entry is in */
	plainClass: string;
	administrators: { role: string; policy: string; user: string; email: string };
	system: SystemRows;
	/** the operator, signed in with a password */
	session: { email: string; password: string; cookie: string; access: string; refresh: string };
}

export const LENT = {
	theirs: '2026-06-08T09:00:00Z',
	handedOver: '2026-06-08T12:00:00Z',
	ours: '2026-06-08T15:00:00Z',
	window: { from: '2026-06-08T00:00:00Z', to: '2026-06-09T00:00:00Z' },
	/** the latitude of the fix that was sent in their time */
	secret: '12.3456789',
	/** of the flag of that fix, which B's owner made */
	reason: canary(),
};

const LEFT_BEHIND = canary();

export async function makeSetting(stack: Stack, world: World): Promise<Setting> {
	const { own, foreign, persons } = world;
	const batch = new Batch();

	const guestToken = randomBytes(16).toString('hex');
	const guest = batch.add('directus_users', userRow(world.roles['Staff'] as string, { token: guestToken }));
	batch.add('organization_users', { organization: own.organization, user: guest, role: 'owner' });
	batch.add('organization_users', { organization: foreign.organization, user: guest, role: 'timekeeper' });

	const dismissedToken = randomBytes(16).toString('hex');
	const dismissed = batch.add(
		'directus_users',
		userRow(world.roles['Organisation owner'] as string, { token: dismissedToken }),
	);
	const leftBehind = {
		device: batch.add('devices', {
			organization: foreign.organization,
			imei: newImei(),
			model: LEFT_BEHIND,
			user_created: dismissed,
		}),
		vehicle: batch.add('vehicles', {
			organization: foreign.organization,
			make: LEFT_BEHIND,
			kind: 'car',
			user_created: dismissed,
		}),
	};

	const plainEntry = batch.add('entries', { event: own.draft.event, class: own.draft.class, race_number: 900 });
	const plainClass = batch.add('classes', {
		event: own.draft.event,
		code: canary(),
		name: canary(),
		kind: 'car',
		sort: 2,
	});
	const shared = addShared(batch, world);
	const lent = addLent(batch, world, plainEntry);
	const system = addSystemRows(batch, world);
	await batch.insert(stack);
	await stack.db.query(
		`INSERT INTO positions (device_id, ts, latitude, longitude) VALUES ($1, $2, $3, 19), ($1, $4, 41, 19)`,
		[lent.imei, LENT.theirs, LENT.secret, LENT.ours],
	);

	const administrators = await findAdministrators(stack, String(persons.administrator));
	const { rows } = await stack.db.query<{ id: string; secret: string }>(
		`SELECT id, unnest(ARRAY[token, password, tfa_secret]) AS secret FROM directus_users`,
	);
	const credentials = rows.filter(({ secret }) => secret !== null);
	const ids = Object.values({ ...foreign.draft, ...{ lent: lent.assignment, flag: lent.flag } });
	const hidden = [...world.secrets, ...ids, ...system.secrets, LENT.secret, LENT.reason, LEFT_BEHIND];

	const secretsFor = (caller: Caller) => {
		const person = typeof caller === 'string' ? world.persons[caller] : caller.token === guestToken ? guest : null;
		const others = credentials.filter(({ id }) => id !== person).map(({ secret }) => secret);
		// The processor reads over all organisations, and the guest as one who belongs to both: credentials are for neither.
		return caller === 'processor' || person === guest ? others : [...others, ...hidden];
	};

	return {
		...world,
		url: stack.url,
		secretsFor,
		dismissed: { token: dismissedToken },
		leftBehind,
		guest: { token: guestToken },
		shared,
		lent,
		plainEntry,
		plainClass,
		administrators,
		system,
		session: await signIn(stack, String(persons.operator)),
	};
}

function addShared(batch: Batch, { own, foreign }: World): Setting['shared'] {
	const { organization } = own;
	const device = batch.add('devices', { organization, imei: newImei(), model: canary() });
	const vehicle = batch.add('vehicles', {
		organization,
		make: canary(),
		model: canary(),
		year: 2026,
		kind: 'car',
		vin: newVin(),
	});

	batch.add('organization_devices', { organization: foreign.organization, device });
	batch.add('organization_vehicles', { organization: foreign.organization, vehicle });

	return { device, vehicle };
}

function addLent(batch: Batch, { own, foreign, foreigner }: World, entry: string): Setting['lent'] {
	const imei = newImei();
	const device = batch.add('devices', { organization: own.organization, imei });
	const { from, to } = LENT.window;

	batch.add('organization_devices', { organization: foreign.organization, device });
	batch.add('entry_devices', { entry, device, assigned_from: LENT.handedOver, assigned_to: to });
	const assignment = batch.add('entry_devices', {
		entry: foreign.draft.entry,
		device,
		role: 'backup',
		assigned_from: from,
		assigned_to: LENT.handedOver,
	});

	const flag = batch.add('position_flags', {
		organization: foreign.organization,
		request: randomUUID(),
		device,
		faulty: true,
		reason: LENT.reason,
		from,
		to: LENT.handedOver,
		keys: [LENT.theirs.replace('Z', '.000000Z')],
		matched: 1,
		changed: 1,
		user_created: foreigner,
	});

	return { device, imei, assignment, flag };
}

async function findAdministrators({ db, adminEmail }: Stack, user: string): Promise<Setting['administrators']> {
	const { rows } = await db.query<{ role: string; policy: string }>(
		`SELECT access.role, access.policy FROM directus_access AS access
		JOIN directus_policies AS policy ON policy.id = access.policy WHERE policy.admin_access AND access.role IS NOT NULL`,
	);
	const [found] = rows;
	if (found === undefined) throw new Error('There is no role of administrators.');
	return { ...found, user, email: adminEmail };
}

async function signIn(stack: Stack, user: string): Promise<Setting['session']> {
	const password = `Aa1!${randomUUID()}`;
	const { status, body } = await stack.api('PATCH', `/users/${user}?fields=email`, { password });
	if (status !== 200) throw new Error(`the operator got no password: ${status} ${JSON.stringify(body)}`);

	const { email } = body.data;
	const login = (mode: string) =>
		fetch(`${stack.url}/auth/login`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ email, password, mode }),
		});

	const tokens = (await (await login('json')).json()) as { data: { access_token: string; refresh_token: string } };
	const cookie = (await login('session')).headers.getSetCookie()[0]?.split(';')[0];
	if (cookie === undefined) throw new Error('Signing in gave no cookie.');
	return { email, password, cookie, access: tokens.data.access_token, refresh: tokens.data.refresh_token };
}

/** For tries to make rows of one's own kind where they do not belong. */
export const eventData = (organization: string) => ({ organization, name: canary(), slug: newSlug(), ...EVENT_TIMES });
