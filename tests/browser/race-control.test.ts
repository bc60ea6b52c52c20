import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.js';
import {
	chooseEntry,
	chooseWindow,
	clickMapCentre,
	confirmAndHear,
	countedBy,
	entriesFound,
	focusedWithin,
	isDark,
	isInSight,
	openRaceControl,
	OPERATOR,
	plantedFaults,
	searchEntries,
	selectionCount,
	shownTimes,
	sidewaysOverflow,
	typeTime,
} from './operator.js';
import { givePassword, launchChromium, newPage, PATIENCE_MS, signIn, takePicture } from './pages.js';
import { flaggedEvents, isFaulty } from './witness.js';

const REASON = 'Jumped across the valley';

let stack: Stack;
let browser: Browser;
let page: Page;
const pageErrors: string[] = [];

beforeAll(async () => {
	[stack, browser] = await Promise.all([startStack({ seed: true, app: true }), launchChromium()]);

	page = await newPage(browser, pageErrors);
});

afterAll(async () => {
	await browser?.close();
	await stack?.stop();
});

it('an operator signs in, finds a planted fault, flags it and takes it back; database and stream agree each time', async () => {
	const [fault] = await plantedFaults('jump');
	expect(await isFaulty(stack, fault.deviceId, fault.ts)).toBe(false);

	await signIn(page, stack.url, OPERATOR, await givePassword(stack, OPERATOR));
	await openRaceControl(page);
	expect(await page.locator('.field.event').innerText()).toContain('Event');

	// The event that runs is chosen already; the entry by its race number.
	await chooseEntry(page, fault.raceNumber);
	expect(await page.locator('.field.device input').inputValue()).toContain(fault.deviceId);

	// Another organisation has published one too, but there is nothing for us to control in it.
	const offered = await page.locator('[aria-label="Events"] .v-list-item').allInnerTexts();
	expect(offered.map((text) => text.slice(0, 12))).toEqual(['Rally Albani']);

	// The map has drawn the track.
	await page.waitForSelector('.track-map .maplibregl-canvas');
	await page.waitForSelector('.track-map .fit');
	await takePicture(page, '1-track');

	// Of thousands of fixes the filter leaves those that look wrong, each with its reason.
	const all = await countedBy(page, 'all');
	await page.click('[data-filter=suspect]');
	const suspects = await countedBy(page, 'suspect');
	expect(all).toBeGreaterThan(1000);
	expect(suspects).toBeLessThan(50);

	const row = page.locator(`.fix-row[data-ts="${fault.ts}"]`);
	expect(await row.locator('.state').innerText()).toContain('Jump');
	await row.click();
	expect(await selectionCount(page)).toBe('1 fix selected');
	// Of the README: npm run picture.
	await takePicture(page, 'race-control');

	await page.click('.fix-panel .flag button');
	await page.fill('.flag-dialog textarea', REASON);
	await takePicture(page, '2-dialog');
	await confirmAndHear(page, '1 fix flagged faulty.');
	expect(await isInSight(page, '.fix-panel .flag')).toBe(true);
	// The button is disabled now; the table takes the focus.
	await expect.poll(() => focusedWithin(page, '.fix-table'), { timeout: PATIENCE_MS }).toBe(true);
	// What tells the outcome does not lie over the button for the next one.
	await page.locator('.fix-row').first().click();
	await page.locator('.fix-panel .flag button').click({ trial: true });
	expect(await page.locator('[data-filter=faulty]').innerText()).toBe('Faulty 1');
	expect(await page.locator('[data-filter=suspect]').innerText()).toBe(`Suspects ${suspects - 1}`);

	expect(await isFaulty(stack, fault.deviceId, fault.ts)).toBe(true);
	const [flagged] = await flaggedEvents(stack);
	expect(flagged?.fields['subject']).toBe(`positions/${fault.deviceId}`);
	expect(flagged?.data).toMatchObject({ faulty: true, keys: [fault.ts], changed: 1, reason: REASON });

	// The history has it, with who did it, and takes it back.
	const newest = page.locator('.flag-history li').first();
	await newest.filter({ hasText: REASON }).waitFor();
	expect(await newest.innerText()).toContain('Flagged 1 fix');
	expect(await newest.innerText()).toContain('Operator Albania');
	await newest.scrollIntoViewIfNeeded();
	await takePicture(page, '3-flagged');

	await newest.locator('.undo button').click();
	expect(await page.locator('.flag-dialog p').first().innerText()).toMatch(/^At /);
	await confirmAndHear(page, '1 fix unflagged.');
	await takePicture(page, '4-undone');

	expect(await isFaulty(stack, fault.deviceId, fault.ts)).toBe(false);
	const events = await flaggedEvents(stack);
	expect(events.map(({ data }) => data.faulty)).toEqual([true, false]);
	expect(events[1]?.data).toMatchObject({ keys: [fault.ts], changed: 1 });
	await page.locator('.flag-history li', { hasText: 'Unflagged 1 fix' }).waitFor();
	expect(await page.locator('.flag-history li').count()).toBe(2);
	expect(await page.locator('[data-filter=faulty]').innerText()).toBe('Faulty 0');
});

it('finds an entry by its race number, its crew and its team, by nothing hidden, and forgets what was typed', async () => {
	const numbers = (listed: string[]) => listed.map((text) => text.split(' · ')[0]);
	const four = await searchEntries(page, '4');
	expect(numbers(four)[0]).toBe('4');
	for (const text of four) expect(text).toMatch(/(^|[^\p{L}\p{N}])4/u);
	await page.keyboard.press('Enter');
	await expect.poll(() => page.locator('.field.entry input').inputValue()).toMatch(/^4 · /);

	expect(numbers(await searchEntries(page, '2'))[0]).toBe('2');
	expect(await page.locator('.v-menu-content .search input').inputValue()).toBe('2');
	await page.keyboard.press('Escape');
	expect(numbers(await entriesFound(page, '301'))).toEqual(['301']);
	const [name = ''] = await entriesFound(page, 'rider 00');
	expect(name).toContain('Rider 00');
	expect(await entriesFound(page, 'nobody has this name')).toEqual([]);
});

it('takes times as they are typed, in one way for everybody, and says what is wrong with others', async () => {
	await chooseEntry(page, '2');
	expect(await shownTimes(page)).toEqual(['2026-06-07 00:00:00', '2026-06-08 00:00:00']);

	await typeTime(page, 'From', '06/07/2026');
	await page.keyboard.press('Enter');
	await page.locator('.filter-bar .problem', { hasText: 'Write YYYY-MM-DD HH:MM:SS' }).waitFor();
	await typeTime(page, 'From', '2026-06-07 08:10');
	await typeTime(page, 'To', '2026-06-07 08:11:00');
	await page.keyboard.press('Enter');
	await page.locator('[data-filter=all]', { hasText: /^All \d\d$/ }).waitFor();
	expect(await shownTimes(page)).toEqual(['2026-06-07 08:10:00', '2026-06-07 08:11:00']);
	expect(await page.locator('.filter-bar .problem').count()).toBe(0);
	expect(await page.locator('.fix-row').first().innerText()).toContain('08:10:0');

	await chooseWindow(page, 'Sun 7 Jun');
	await page.locator('[data-filter=all]', { hasText: ',' }).waitFor();
});

it('flags a stretch as a range, and warns when the undo takes in what had been flagged before', async () => {
	const stretch = await plantedFaults('frozen');
	const [first, second = first] = stretch;
	const earlier = { positions: [{ device_id: second.deviceId, ts: second.ts }], reason: 'earlier' };
	expect((await stack.api('POST', '/positions/flag-faulty', earlier)).body.data.changed).toBe(1);

	await chooseEntry(page, first.raceNumber);
	await page.click('[data-filter=all]');
	await page.locator('.fix-table').focus();
	await page.keyboard.press('n');
	expect(await page.locator('.fix-row.active').getAttribute('data-ts')).toBe(first.ts);
	for (let n = 1; n < stretch.length; n += 1) await page.keyboard.press('Shift+ArrowDown');
	await page.click('.fix-panel .flag button');
	await page.click('.flag-dialog .v-checkbox');
	await page.fill('.flag-dialog textarea', 'Frozen');
	await confirmAndHear(page, `${stretch.length - 1} fixes flagged faulty. 1 fix was so already.`);

	const flagged = (await flaggedEvents(stack)).at(-1);
	expect(flagged?.data).toMatchObject({ faulty: true, changed: stretch.length - 1, reason: 'Frozen' });
	for (const { deviceId, ts } of stretch) expect(await isFaulty(stack, deviceId, ts)).toBe(true);

	const newest = page.locator('.flag-history li', { hasText: 'Frozen' }).first();
	await newest.locator('.undo button').click();
	await page.locator('.flag-dialog', { hasText: '1 fix of this range was flagged before' }).waitFor();
	await confirmAndHear(page, `${stretch.length} fixes unflagged.`);
	for (const { deviceId, ts } of stretch) expect(await isFaulty(stack, deviceId, ts)).toBe(false);
});

it('a click on the map selects the fix there, also one that lies far off the track', async () => {
	const faults = await plantedFaults('zero_coordinates');
	const [fault] = faults;

	await chooseEntry(page, fault.raceNumber);
	await page.click('[data-filter=suspect]');
	await page.locator(`.fix-row[data-ts="${fault.ts}"]`).click();
	await page.locator('.off-map .link').click();
	await page.locator('.off-map').waitFor({ state: 'detached' });
	await page.locator('.fix-table').focus();
	await page.keyboard.press('Escape');
	expect(await selectionCount(page)).toBe('0 fixes selected');

	// The map is centred on the fix now; drawing it takes software WebGL a moment.
	await expect.poll(() => clickMapCentre(page), { timeout: PATIENCE_MS }).toBe('1 fix selected');
	const picked = await page.locator('.fix-row.active').getAttribute('data-ts');
	expect(faults.map(({ ts }) => ts)).toContain(picked);
});

it('says that a tracker lost its clock, and shows these fixes', async () => {
	const faults = await plantedFaults('years_back');
	const [fault] = faults;

	await chooseEntry(page, fault.raceNumber);
	await page.locator('.lost-clock button', { hasText: 'years before' }).click();
	const row = page.locator(`.fix-row[data-ts="${fault.ts}"]`);
	await row.waitFor();
	expect(await row.locator('.state').innerText()).toContain('Years back');
	expect(await page.locator('[data-filter=suspect]').innerText()).toBe(`Suspects ${faults.length}`);
	expect(await page.locator('.lost-clock button', { hasText: 'years before' }).count()).toBe(0);

	// The next tracker is not looked for where this one's clock had gone.
	await chooseEntry(page, '2');
	expect(await shownTimes(page)).toEqual(['2026-06-07 00:00:00', '2026-06-08 00:00:00']);
	await page.locator('.fix-row').nth(10).waitFor();
});

it('a reload of the address shows the same track, and the keyboard reaches a suspect', async () => {
	const before = await page.locator('.field.device input').inputValue();
	await page.reload();
	await page.waitForSelector('.fix-row');
	expect(await page.locator('.field.device input').inputValue()).toBe(before);
	expect(await page.locator('.field.entry input').inputValue()).toMatch(/^\d+ · /);

	await page.locator('.fix-table').focus();
	await page.keyboard.press('n');
	await page.locator('.fix-row.active.suspect').waitFor();
	await page.keyboard.press('Shift+ArrowUp');
	expect(await selectionCount(page)).toBe('2 fixes selected');
	await page.keyboard.press('Escape');
	expect(await selectionCount(page)).toBe('0 fixes selected');
});

it('shows itself in the dark theme, on a small screen, and without an error on the page', async () => {
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.waitForSelector('.fix-row');
	await takePicture(page, '5-small');
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect.poll(() => isDark(page), { timeout: PATIENCE_MS }).toBe(true);
	await takePicture(page, '6-dark');
	expect(await isInSight(page, '.fix-panel .flag')).toBe(true);

	expect(await sidewaysOverflow(page)).toBe(0);
	expect(pageErrors).toEqual([]);
});
