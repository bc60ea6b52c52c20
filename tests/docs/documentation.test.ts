import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../extensions/trm/src/event-stream/status/metrics.js';
import { EVENT_STATES } from '../../extensions/trm/src/event-stream/event-state.js';
import { eventStreamStatus } from '../../extensions/trm/src/event-stream/event-status.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesBelow(folder: string, ending: RegExp): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && ending.test(entry.name))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)))
		.filter((path) => !path.includes('node_modules') && !path.includes('dist/'));
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string);
const distinct = (names: string[]) => [...new Set(names)].sort();

const bundle = ['extensions/trm/src', 'tools']
	.flatMap((folder) => filesBelow(folder, /\.ts$/))
	.filter((path) => !path.endsWith('.test.ts'));
const shell = ['entrypoint.sh', ...filesBelow('scripts', /\.sh$/)];

describe('docs/errors.md', () => {
	const page = read('docs/errors.md');

	const codes = distinct(
		bundle.flatMap((path) => [
			...matches(read(path), /\bcode: '([A-Z_]+)'/g),
			...matches(read(path), /createError(?:<[^>]*>)?\(\s*'([A-Z_]+)'/g),
		]),
	);

	it('is compared with codes that are really there', () => {
		expect(codes).toEqual(expect.arrayContaining(['INVALID_PAYLOAD', 'FORBIDDEN', 'MIGRATION_CHANGED']));
	});

	it.each(codes)('has %s', (code) => {
		expect(page).toContain(`\`${code}\``);
	});

	const statuses = distinct(
		shell.flatMap((path) => [
			...matches(read(path), /\bEXIT_[A-Z]+=(\d+)/g),
			...matches(read(path), /\b(?:die|exit) (\d+)\b/g),
		]),
	);

	it.each(statuses)('has exit status %s', (status) => {
		expect(page).toMatch(new RegExp(`^\\| (\\d+, )*${status}(, \\d+)* +\\|`, 'm'));
	});
});

describe('docs/environment.md', () => {
	const page = read('docs/environment.md');

	// common.sh sets this from the checkout's place for every script that sources it; nobody gives it from outside.
	const setByCommon = new Set(['LOCAL']);

	const variables = distinct([
		// Fields of zod schemas, whose types stand behind them: of zod itself, or made from its own with a lower-case name.
		...bundle.flatMap((path) => matches(read(path), /^\t+([A-Z][A-Z_]{3,}): ?\n?\t*(?:z\b|[a-z]+[.,])/gm)),
		// Exported or defaulted, which is how the shell reads and sets its surroundings; its own names are lower case or set first.
		...shell.flatMap((path) => {
			const text = read(path);
			const own = new Set(matches(text, /^\s*(?:local |readonly )?([A-Z][A-Z_]+)=(?!"?\$\{\1)/gm));
			return matches(text, /\$\{([A-Z][A-Z_]{2,}):?[-?]/g).filter((name) => !own.has(name));
		}),
	]).filter((name) => !name.startsWith('BASH') && !name.endsWith('_PID') && !setByCommon.has(name));

	it('is compared with variables that are really there', () => {
		expect(variables).toEqual(
			expect.arrayContaining([
				'DB_WAIT_TIMEOUT',
				'EVENT_STREAM',
				'EVENT_RETENTION',
				'EVENT_REDIS_TLS_CA',
				'REDIS',
				'SNAPSHOT_PATH',
			]),
		);
	});

	it.each(variables)('has %s', (name) => {
		expect(page).toContain(`\`${name}\``);
	});
});

describe('docs/metrics.md', () => {
	const page = read('docs/metrics.md');

	const time = '2026-06-07T08:00:00.123456Z';

	/** Everything that a status can have, once. */
	const status = eventStreamStatus({
		waiting_rows: 0,
		lag_seconds: 0,
		last_sequence: 9,
		published_sequence: 9,
		retained_from: 1,
		retained_rows: 9,
		leader_pid: 1,
		leader: 'host:1',
		leading_since: time,
		leading_seconds: 1,
		reported_at: time,
		report_age_seconds: 1,
		redis_usable: true,
		redis_problem: null,
		redis_since: time,
		redis_seconds: 1,
		stream: 'trm:events',
		stream_length: 9,
		stream_first_sequence: 1,
		stream_last_sequence: 9,
		groups: [{ name: 'processor', consumers: 1, pending: 1, oldest_pending: 1, last_delivered: 1, lag: 8 }],
		parked_rows: 1,
		newest_parked: [{ event_id: '', type: '', subject: '', error: '', parked_at: time }],
		rebuilt_total: 0,
		rewound_total: 0,
		parked_total: 1,
		trimmed_unread_total: 0,
	});

	const metrics = metricsOf(status);

	it.each(metrics)('has $name, a $type', ({ name, type }) => {
		expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\| ${type} +\\|`, 'm'));
	});

	it('names no metric that there is not, in its alerts for example', () => {
		const named = distinct(matches(page, /\b(trm_event_stream_\w+)/g));
		const known = metrics.map(({ name }) => name);
		expect(named.filter((name) => !known.includes(name))).toEqual([]);
	});

	it.each(pathsOf(status))('has the field %s of the status', (path) => {
		expect(page).toContain(`| \`${path}\` `);
	});

	it.each(EVENT_STATES)('says what to do when the state is %s', (state) => {
		expect(page).toMatch(new RegExp(`^\\| \`${state}\` +\\|`, 'm'));
	});

	it('has rules and a scrape that are YAML, and a runbook for each alert', () => {
		const [scrape, rules] = matches(page, /```yaml\n(.*?)```/gs).map((text) => load(text)) as [
			{ scrape_configs: { metrics_path: string }[] },
			{ groups: { rules: { alert: string }[] }[] },
		];

		expect(scrape.scrape_configs[0]?.metrics_path).toBe('/event-stream/metrics');
		const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
		expect(alerts).toHaveLength(3);
		for (const alert of alerts) expect(page).toContain(`### ${alert}\n`);
	});
});

/** The places of a value's leaves: `lag.rows`, `groups[].name`. */
function pathsOf(value: unknown, path = ''): string[] {
	if (Array.isArray(value)) return pathsOf(value[0], `${path}[]`);
	if (typeof value !== 'object' || value === null) return [path];
	return Object.entries(value).flatMap(([name, part]) => pathsOf(part, path === '' ? name : `${path}.${name}`));
}

const pages = ['README.md', 'CONTRIBUTING.md', 'snapshots/README.md', ...filesBelow('docs', /\.md$/)];

describe('tables', () => {
	const LIMIT = 160;

	it.each(pages)('of %s have no line that a screen breaks', (page) => {
		const tooLong = read(page)
			.split('\n')
			.filter((line) => /^\s*\|/.test(line) && line.length > LIMIT);

		expect(tooLong).toEqual([]);
	});
});

describe('links', () => {
	it.each(pages)('of %s lead to files that are there', (page) => {
		const targets = matches(read(page), /\]\((?!https?:|#)([^)#\s]+)/g);
		const missing = targets.filter((target) => {
			try {
				readdirSync(join(root, dirname(page), target));
				return false;
			} catch (error) {
				return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
			}
		});

		expect(missing).toEqual([]);
	});
});
