import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from '../support/environment.js';
import { PATIENCE_MS } from './pages.js';

/** Of the seed: a member of the organisation whose event this is, with an operator's rights and no others. */
export const OPERATOR = 'operator@example.com';

/** In the module bar without anybody having switched it on. */
export async function openRaceControl(page: Page): Promise<void> {
	await page.click('.module-bar a[href*="race-control"]');
	await page.waitForURL(/race-control/);
}

/** Chooses an entry of the event by typing its race number, and waits for its track. */
export async function chooseEntry(page: Page, raceNumber: string): Promise<void> {
	await searchEntries(page, raceNumber);
	await page.keyboard.press('Enter');
	await page.waitForSelector('.v-menu-content', { state: 'detached' });
	await page.waitForSelector('.fix-row');
}

/** Opens the menu of entries and types. @returns what the menu lists then. */
export async function searchEntries(page: Page, typed: string): Promise<string[]> {
	await page.click('.field.entry .v-input');
	await page.waitForSelector('.v-menu-content .search input:focus');
	await page.keyboard.type(typed, { delay: 20 });
	return page.locator('.v-menu-content .item').allInnerTexts();
}

/** Looks an entry up and closes the menu without choosing one. @returns what the menu listed. */
export async function entriesFound(page: Page, typed: string): Promise<string[]> {
	const listed = await searchEntries(page, typed);
	await page.keyboard.press('Escape');
	return listed;
}

/** Writes a time into one of the fields of the window, as with a keyboard. */
export async function typeTime(page: Page, field: 'From' | 'To', text: string): Promise<void> {
	await page.locator('.field.time', { hasText: field }).locator('input').click();
	await page.keyboard.press('Control+A');
	await page.keyboard.type(text);
}

/** What the fields of the window say. */
export async function shownTimes(page: Page): Promise<string[]> {
	return Promise.all((await page.locator('.field.time input').all()).map((field) => field.inputValue()));
}

export async function chooseWindow(page: Page, text: string): Promise<void> {
	await page.click('.field.window .v-input');
	await page.locator('.v-menu-content .item', { hasText: text }).click();
}

/** The number of fixes that the button of a filter names. */
export async function countedBy(page: Page, filter: 'all' | 'suspect'): Promise<number> {
	return Number((await page.locator(`[data-filter=${filter}]`).innerText()).replace(/\D/g, ''));
}

/** As the panel beside the table words it: `1 fix selected`. */
export function selectionCount(page: Page): Promise<string> {
	return page.locator('.fix-panel .count').innerText();
}

/** @returns how many fixes are selected then. */
export async function clickMapCentre(page: Page): Promise<string> {
	await page.locator('.track-map .maplibregl-canvas').click();
	return selectionCount(page);
}

/** Confirms the dialog that flags or takes back, and waits for this outcome. */
export async function confirmAndHear(page: Page, outcome: string): Promise<void> {
	await page.click('.flag-dialog .confirm button');
	await toldOutcome(page, outcome);
}

/** What the operator is told of the last change: to be seen without scrolling, and announced. */
async function toldOutcome(page: Page, text: string): Promise<void> {
	const notification = page.locator('.notification-item', { hasText: text });
	await notification.waitFor();
	await page.locator('.outcome[role=status]', { hasText: text }).waitFor({ state: 'attached' });
	// It slides in.
	await expect.poll(() => isInSight(page, '.notification-item'), { timeout: PATIENCE_MS }).toBe(true);
}

/** Pixels by which the page is wider than the window. */
export function sidewaysOverflow(page: Page): Promise<number> {
	return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Whether the map has the ground of a dark theme. */
export async function isDark(page: Page): Promise<boolean> {
	const ground = await page.evaluate<string>(`getComputedStyle(document.querySelector('.track-map')).backgroundColor`);
	return Number(/\d+/.exec(ground)?.[0] ?? 255) < 80;
}

/** Whether what has the focus lies within an element. */
export function focusedWithin(page: Page, selector: string): Promise<boolean> {
	return page.evaluate<boolean>(`document.activeElement?.closest(${JSON.stringify(selector)}) !== null`);
}

/** The contrast of a text with what lies behind it, as WCAG 2 computes it: 4.5 can be read. */
export function contrastOf(page: Page, selector: string): Promise<number> {
	return page.evaluate<number>(`(() => {
		const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
		const element = document.querySelector(${JSON.stringify(selector)});
		const above = [];
		for (let at = element; at; at = at.parentElement) above.unshift(getComputedStyle(at).backgroundColor);
		const luminance = (...colours) => {
			for (const colour of ['#fff', ...colours]) {
				canvas.fillStyle = colour;
				canvas.fillRect(0, 0, 1, 1);
			}
			const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
				const part = value / 255;
				return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const [ground, text] = [luminance(...above), luminance(...above, getComputedStyle(element).color)];
		return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
	})()`);
}

/** Whether all of an element lies within the window. */
export async function isInSight(page: Page, selector: string): Promise<boolean> {
	const box = await page.locator(selector).first().boundingBox();
	const view = page.viewportSize();
	if (!box || !view) return false;
	return box.x >= 0 && box.y >= 0 && box.x + box.width <= view.width && box.y + box.height <= view.height;
}

export interface PlantedFault {
	deviceId: string;
	ts: string;
	raceNumber: string;
}

/** The planted faults of a kind on one tracker, from the seed's manifest; the first tracker that has any. */
export async function plantedFaults(kind: string): Promise<[PlantedFault, ...PlantedFault[]]> {
	const manifest = await readFile(resolve(root, 'seeds/rally-albania-2026/faults.csv'), 'utf8');

	const faults = manifest
		.split('\n')
		.map((line) => line.split(','))
		.filter((line) => line[2] === kind)
		.map(([deviceId = '', ts = '', , raceNumber = '']) => ({ deviceId, ts, raceNumber }));

	const [first, ...others] = faults;
	if (!first) throw new Error(`The seed's manifest lists no ${kind}.`);
	return [first, ...others.filter(({ deviceId }) => deviceId === first.deviceId)];
}
