import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';
import { OPERATOR } from './operator.js';
import { launchChromium, PATIENCE_MS, takePicture, Users } from './pages.js';

const RACE_DIRECTOR = 'race.director@example.com';
const NEW_IMEI = '359999999999993';

let stack: Stack;
let browser: Browser;
let users: Users;
let page: Page;
let event: string;

beforeAll(async () => {
	[stack, browser] = await Promise.all([startStack({ seed: true, app: true }), launchChromium()]);
	users = new Users(browser, stack, 1600);
	event = await keyOf("SELECT id FROM events WHERE slug = 'rally-albania-2026'");
});

afterEach(async ({ task }) => {
	if (task.result?.state === 'fail') await takePicture(page, `forms-failed-${task.name.slice(0, 12)}`);
	await page?.close();
	expect(users.errors).toEqual([]);
});

afterAll(async () => {
	await browser?.close();
	await stack?.stop();
});

async function open(email: string, path: string): Promise<void> {
	page = await users.open(email, `content/${path}`);
}

const field = (name: string, within: Page | Locator = page) => within.locator(`[data-field=${name}]`).last();
const button = (icon: string, within: Page | Locator = page) =>
	within.locator(`button:has([data-icon=${icon}])`).first();

/** Chooses in a menu of Directus by what is to be read there. */
async function choose(name: string, text: string, within: Page | Locator = page): Promise<void> {
	await field(name, within).locator('.v-input').first().click();
	await page.locator('.v-menu-content .v-list-item', { hasText: text }).first().click();
}

/** Changes a field of an item that exists and saves it as another. */
async function saveAsCopy(name: string, text: string): Promise<void> {
	await field(name).locator('input').fill(text);
	await page.locator('.v-menu-activator:has([data-icon=more_vert])').first().click();
	await page.locator('.v-menu-content .v-list-item', { hasText: 'Save as Copy' }).click();
	await page.locator('.notification-item', { hasText: 'Item Created' }).waitFor();
}

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
	return (await stack.db.query<Row>(sql, values)).rows;
}

async function keyOf(sql: string, values: unknown[] = []): Promise<string> {
	const [row] = await rows<{ id: string }>(sql, values);
	if (row === undefined) throw new Error(`No row: ${sql}`);
	return row.id;
}

it('a vehicle is of the only organisation that its maker may choose, without his choosing', async () => {
	await open(RACE_DIRECTOR, 'vehicles/+');
	await choose('kind', 'Quad');
	await field('make').locator('input').fill('Yamaha');
	await field('organization').getByText('Rally Albania').waitFor();
	await takePicture(page, 'forms-vehicle');
	await button('check').click();
	await page.locator('.notification-item', { hasText: 'Item Created' }).waitFor();

	expect(
		await rows(
			`SELECT organizations.slug FROM vehicles
			JOIN organizations ON organizations.id = vehicles.organization WHERE make = 'Yamaha' AND kind = 'quad' AND year IS NULL`,
		),
	).toEqual([{ slug: 'rally-albania-provisional' }]);
});

it('a copy of an event has its classes in their order and no entries, and takes nothing from it', async () => {
	const classesOf = (id: string) =>
		rows(
			`SELECT class.code, class.name, class.kind, class.sort, parent.code AS parent, parent.event = class.event AS same
			FROM classes AS class LEFT JOIN classes AS parent ON parent.id = class.parent WHERE class.event = $1 ORDER BY class.code`,
			[id],
		);
	const before = [await classesOf(event), await rows('SELECT id FROM entries WHERE event = $1 ORDER BY id', [event])];

	await open(RACE_DIRECTOR, `events/${event}`);
	await field('classes').locator('td', { hasText: 'Malle Moto' }).waitFor();
	await saveAsCopy('slug', 'rally-albania-2027');
	await takePicture(page, 'forms-copied-event');

	const copy = await keyOf("SELECT id FROM events WHERE slug = 'rally-albania-2027'");
	expect(await classesOf(copy)).toEqual(before[0]);
	expect(await rows('SELECT status FROM events WHERE id = $1', [copy])).toEqual([{ status: 'draft' }]);
	expect(await rows('SELECT FROM entries WHERE event = $1', [copy])).toEqual([]);
	expect([await classesOf(event), await rows('SELECT id FROM entries WHERE event = $1 ORDER BY id', [event])]).toEqual(
		before,
	);
});

it('a copy of a tracker is assigned to nobody, and the tracker stays where it is', async () => {
	const device = await keyOf('SELECT device AS id FROM entry_devices LIMIT 1');
	const assignments = () => rows('SELECT * FROM entry_devices ORDER BY id');
	const before = await assignments();

	await open(OPERATOR, `devices/${device}`);
	await field('imei').locator('input').waitFor();
	await saveAsCopy('imei', NEW_IMEI);

	expect(await assignments()).toEqual(before);
	expect(await rows('SELECT organization FROM devices WHERE imei = $1', [NEW_IMEI])).toEqual(
		await rows('SELECT organization FROM devices WHERE id = $1', [device]),
	);
});

it('an entry is created from the page of its event, with a class of that event', async () => {
	await open(RACE_DIRECTOR, `events/${event}`);
	await field('entries').locator('td', { hasText: '#1' }).first().waitFor();
	await field('entries').locator('.actions .v-button button:has([data-icon=add])').click();
	const drawer = page.locator('.v-drawer').last();
	await drawer.locator('[data-field=race_number] input').fill('777');
	await drawer.locator('[data-field=class]').locator('.v-list-item, .v-input').first().click();
	await page.locator('.v-drawer tr', { hasText: 'Malle Moto' }).first().waitFor();
	await takePicture(page, 'forms-entry-class');
	const choice = page.locator('.v-drawer').last();
	expect(await choice.locator('tbody tr').count()).toBe(8);
	await choice.locator('tr', { hasText: 'Malle Moto' }).first().click();
	await button('check', choice).click();
	await drawer.locator('[data-field=class]', { hasText: 'MALLE' }).waitFor();
	await takePicture(page, 'forms-entry');
	await button('check', drawer).click();
	await drawer.waitFor({ state: 'detached' });
	await button('check').click();
	await page.locator('.notification-item', { hasText: 'Item Updated' }).waitFor();

	expect(
		await rows(
			'SELECT classes.code FROM entries JOIN classes ON classes.id = entries.class WHERE entries.event = $1 AND race_number = 777',
			[event],
		),
	).toEqual([{ code: 'MALLE' }]);
});

it('a new event asks for its time zone, and finds Vienna', async () => {
	await open(RACE_DIRECTOR, 'events/+');
	await field('timezone').locator('.v-input').first().click();
	await page.locator('.v-menu-content input').first().fill('Vienna');
	await page.locator('.v-menu-content .v-list-item', { hasText: 'Europe/Vienna' }).click();
	await expect
		.poll(() => field('timezone').locator('input').first().inputValue(), { timeout: PATIENCE_MS })
		.toBe('Europe/Vienna');
	await takePicture(page, 'forms-event');
});
