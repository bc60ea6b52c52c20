import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';
import { chooseEntry, contrastOf, focusedWithin, isDark, OPERATOR, plantedFaults, searchEntries } from './operator.js';
import { launchChromium, PATIENCE_MS, takePicture, Users } from './pages.js';
import { isFaulty } from './witness.js';

const TIMEKEEPER = 'timekeeper@example.com';
const MARSHAL = 'marshal@example.com';
/** Of an entry that the seed does not have: without a tracker. */
const BARE_NUMBER = '991';

const ONLY_FLAGGERS = 'that is for owners, race directors and operators of its organisation.';
const HIDDEN =
	'You may not see which tracker this entry carries: ' +
	'that is for owners, race directors, timekeepers and operators of its organisation.';

let stack: Stack;
let browser: Browser;
let users: Users;
let page: Page;

beforeAll(async () => {
	[stack, browser] = await Promise.all([startStack({ seed: true, app: true }), launchChromium()]);
	users = new Users(browser, stack);

	const { body } = await stack.api('GET', '/items/entries?filter[race_number][_eq]=1&fields=event,class,vehicle');
	await stack.create('entries', { ...body.data[0], race_number: Number(BARE_NUMBER) });
});

afterEach(async () => {
	await page?.close();
	expect(users.errors).toEqual([]);
});

afterAll(async () => {
	await browser?.close();
	await stack?.stop();
});

/** With Race Control open. */
async function comeAs(email: string): Promise<void> {
	page = await users.open(email, 'race-control');
}

async function pickEntry(raceNumber: string): Promise<void> {
	await searchEntries(page, raceNumber);
	await page.keyboard.press('Enter');
}

const notice = () => page.locator('.race-control .v-notice').first().innerText();
const isDisabled = (button: string) => page.locator(`${button} button`).first().isDisabled();

it('a marshal is told that trackers are hidden from him, not that there are none; also after a reload', async () => {
	const [fault] = await plantedFaults('jump');
	await comeAs(MARSHAL);

	await pickEntry(fault.raceNumber);
	await expect.poll(notice, { timeout: PATIENCE_MS }).toContain(HIDDEN);

	await page.reload();
	await page.locator('.v-notice', { hasText: HIDDEN }).waitFor();
	await takePicture(page, 'rights-marshal');

	// A link to a tracker shows neither its fixes nor an empty history, as if nobody had ever flagged one.
	await page.goto(`${stack.url}/admin/race-control?device=${fault.deviceId}`);
	await page.locator('.flag-history', { hasText: 'You may not see the history' }).waitFor();
	expect(await page.locator('.fix-row').count()).toBe(0);
});

it('a timekeeper sees fixes and flags, may neither flag nor undo, and reads who may', async () => {
	const [fault] = await plantedFaults('jump');
	const positions = [{ device_id: fault.deviceId, ts: fault.ts }];
	await stack.api('POST', '/positions/flag-faulty', { positions, reason: 'By an administrator' });
	await comeAs(TIMEKEEPER);

	await pickEntry(BARE_NUMBER);
	await expect.poll(notice, { timeout: PATIENCE_MS }).toContain('This entry has no tracker assigned.');

	await chooseEntry(page, fault.raceNumber);
	await page.locator('.fix-row').first().click();
	await page.locator('.fix-panel', { hasText: `You may not flag fixes of this tracker: ${ONLY_FLAGGERS}` }).waitFor();
	expect(await isDisabled('.fix-panel .flag')).toBe(true);
	await page.click('[data-filter=faulty]');
	await page.locator('.fix-row').first().click();
	expect(await isDisabled('.fix-panel .unflag')).toBe(true);

	const history = page.locator('.flag-history', { hasText: 'By an administrator' });
	expect(await history.innerText()).toContain(`You may not undo flags of this tracker: ${ONLY_FLAGGERS}`);
	expect(await history.locator('.who').innerText()).toContain('Someone');
	expect(await isDisabled('.flag-history .undo')).toBe(true);
	await history.scrollIntoViewIfNeeded();
	await takePicture(page, 'rights-timekeeper');
});

it('an operator may flag and undo; once he may no more, the dialog tells what the server said', async () => {
	const [fault] = await plantedFaults('years_back');
	const [jump] = await plantedFaults('jump');
	await comeAs(OPERATOR);

	await chooseEntry(page, jump.raceNumber);
	await page.locator('.flag-history .undo').waitFor();
	expect(await isDisabled('.flag-history .undo')).toBe(false);

	await page.locator('.fix-row').first().click();
	const ts = (await page.locator('.fix-row').first().getAttribute('data-ts')) ?? '';
	expect(await isDisabled('.fix-panel .flag')).toBe(false);
	expect(await page.locator('.may-not').count()).toBe(0);

	await page.click('.fix-panel .flag button');
	await changeRole(OPERATOR, 'timekeeper');
	await page.click('.flag-dialog .confirm button');
	await page.locator('.flag-dialog .error', { hasText: 'You may not flag the fixes of this tracker.' }).waitFor();
	await takePicture(page, 'rights-refused');
	expect(await isFaulty(stack, jump.deviceId, ts)).toBe(false);

	await page.keyboard.press('Escape');
	await page.locator('.fix-panel .may-not').waitFor();
	expect(await isDisabled('.fix-panel .flag')).toBe(true);
	expect(await isDisabled('.flag-history .undo')).toBe(true);

	await changeRole(OPERATOR, 'operator');
	await chooseEntry(page, fault.raceNumber);
	await page.locator('.fix-panel .may-not').waitFor({ state: 'detached' });
});

it('the screen is worked by keyboard: no field keeps the focus, every button has a name, a closed dialog gives the focus back', async () => {
	await comeAs(OPERATOR);
	await chooseEntry(page, '4');
	await page.keyboard.press('Tab');
	await expect.poll(() => focusedWithin(page, '.field.device'), { timeout: PATIENCE_MS }).toBe(true);
	for (const name of ['Previous suspect (Shift + N)', 'Next suspect (N)', 'Clear selection (Esc)'])
		expect(await page.getByRole('button', { name, exact: true }).count()).toBe(1);

	await page.locator('.fix-row').first().click();
	await page.locator('.fix-panel .flag button').focus();
	await page.keyboard.press('Enter');
	await page.waitForSelector('.flag-dialog textarea:focus');
	await page.keyboard.press('Escape');
	await expect.poll(() => focusedWithin(page, '.fix-panel .flag'), { timeout: PATIENCE_MS }).toBe(true);
	await page.getByRole('button', { name: 'Clear selection (Esc)' }).click();
	expect(await focusedWithin(page, '.fix-table')).toBe(true);
});

it.each(['light', 'dark'] as const)('its signs can be read in the %s theme', async (colorScheme) => {
	await comeAs(OPERATOR);
	const [fault] = await plantedFaults('jump');
	await chooseEntry(page, fault.raceNumber);
	await page.emulateMedia({ colorScheme });
	await expect.poll(() => isDark(page), { timeout: PATIENCE_MS }).toBe(colorScheme === 'dark');
	await page.click('[data-filter=suspect]');
	for (const text of ['.suspect .state', '.zone', '.fix-panel .count'])
		expect([text, await contrastOf(page, text)]).toEqual([
			text,
			expect.toSatisfy((contrast: number) => contrast >= 4.5),
		]);
});

it('without the server, and without a session, what is on the screen stays', async () => {
	await comeAs(OPERATOR);
	await chooseEntry(page, '4');
	const shown = await page.locator('[data-filter=all]').innerText();
	await page.context().setOffline(true);
	await page.click('.filter-bar .load button');
	await page.locator('.v-notice', { hasText: 'could not be reached' }).filter({ hasText: 'still shown' }).waitFor();
	await takePicture(page, 'offline');
	await page.context().setOffline(false);
	// Directus itself asks now and then, and catches nothing.
	const others = users.errors.filter((message) => message !== 'Network Error');
	users.errors.splice(0, Infinity, ...others);
	expect(await page.locator('[data-filter=all]').innerText()).toBe(shown);

	users.forget(OPERATOR);
	await page.context().clearCookies();
	await page.click('.filter-bar .load button');
	await page
		.locator('.v-notice', { hasText: 'You are no longer signed in.' })
		.filter({ hasText: 'still shown' })
		.waitFor();
	await takePicture(page, 'session-ended');
	expect(await page.locator('[data-filter=all]').innerText()).toBe(shown);
});

it('the list of entries names the crews', async () => {
	page = await users.open(TIMEKEEPER, 'content/entries');
	await page.locator('.v-table .table-row').first().waitFor();
	await takePicture(page, 'rights-entries');
	const listed = await page.locator('.v-table tbody').innerText();
	expect(listed).toContain('Rider 001');
	expect(listed).toContain('Driver 039, Navigator 039');
	expect(listed).not.toContain('["');
});

/** Changes the user's one membership, as an owner would. */
async function changeRole(email: string, role: string): Promise<void> {
	const { body } = await stack.api('GET', `/items/organization_users?filter[user][email][_eq]=${email}&fields=id`);
	const { status } = await stack.api('PATCH', `/items/organization_users/${body.data[0].id}`, { role });
	expect(status).toBe(200);
}
