import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { root } from '../support/environment.js';

/** Milliseconds that an operator of these tests waits for anything. */
export const PATIENCE_MS = 30_000;

/** What the tests saw, for a person to look at afterwards; git-ignored. */
const PICTURES = resolve(root, '.local/screenshots');

/** Debian's Chromium without a screen and without its own traffic; `CHROMIUM` names another one. */
export async function launchChromium(): Promise<Browser> {
	await mkdir(PICTURES, { recursive: true });

	return chromium.launch({
		executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
		args: [
			'--headless',
			'--no-sandbox',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			// WebGL in software, which the map needs.
			'--use-angle=swiftshader',
			'--enable-unsafe-swiftshader',
		],
	});
}

export function takePicture(page: Page, name: string): Promise<Buffer> {
	return page.screenshot({ path: resolve(PICTURES, `${name}.png`) });
}

export async function signIn(page: Page, url: string, email: string, password: string): Promise<void> {
	await page.goto(`${url}/admin/login`);
	await page.fill('input[type=email]', email);
	await page.fill('input[type=password]', password);
	await page.click('button[type=submit]');
}

/** Chooses an entry of the event by its race number, and waits for its track. */
export async function chooseEntry(page: Page, raceNumber: string): Promise<void> {
	await page.click('.field.entry .v-input');
	await page.locator('.v-list-item', { hasText: new RegExp(`^${raceNumber} · `) }).click();
	await page.waitForSelector('.fix-row');
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
