import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from '../support/environment.js';
import type { Stack } from '../support/stack.js';

/** Milliseconds that an operator of these tests waits for anything. */
export const PATIENCE_MS = 240_000;

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

/** Gives a user of the seed a password, as an administrator would. @returns it. */
export async function givePassword(stack: Stack, email: string): Promise<string> {
	const password = randomUUID();
	const { body } = await stack.api('GET', `/users?filter[email][_eq]=${email}&fields=id`);
	const { status } = await stack.api('PATCH', `/users/${body.data[0].id}`, { password });
	expect(status).toBe(200);
	return password;
}

export async function signIn(page: Page, url: string, email: string, password: string): Promise<void> {
	await page.goto(`${url}/admin/login`);
	await page.fill('input[type=email]', email);
	await page.fill('input[type=password]', password);
	await page.click('button[type=submit]');
}

/** A page of a user of his own: with cookies and a cache that nobody shares. Errors on it are added to the list. */
export async function newPage(browser: Browser, errors: string[], height = 1000): Promise<Page> {
	return pageIn(await newContext(browser, height), errors);
}

const newContext = (browser: Browser, height: number): Promise<BrowserContext> =>
	browser.newContext({ viewport: { width: 1600, height }, colorScheme: 'light', reducedMotion: 'reduce' });

async function pageIn(context: BrowserContext, errors: string[]): Promise<Page> {
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE_MS);
	page.on('pageerror', (error) => errors.push(error.message));
	return page;
}

/** Users who sign in once and stay so from test to test: to sign in takes longer than most tests. */
export class Users {
	/** what went wrong on any of their pages */
	readonly errors: string[] = [];
	readonly #contexts = new Map<string, BrowserContext>();

	constructor(
		readonly browser: Browser,
		readonly stack: Stack,
		readonly height?: number,
	) {}

	/** A new page of the user's, at a path of the app. */
	async open(email: string, path: string): Promise<Page> {
		const known = this.#contexts.get(email);
		const context = known ?? (await newContext(this.browser, this.height ?? 1000));
		const page = await pageIn(context, this.errors);

		if (!known) {
			await signIn(page, this.stack.url, email, await givePassword(this.stack, email));
			await page.waitForSelector('.module-bar');
			this.#contexts.set(email, context);
		}

		await page.goto(`${this.stack.url}/admin/${path}`);
		return page;
	}

	/** He signs in again the next time. */
	forget(email: string): void {
		this.#contexts.delete(email);
	}
}
