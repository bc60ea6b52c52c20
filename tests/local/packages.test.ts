import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What each release offers of the names that we might want, as `apt-cache pkgnames` lists them. */
const OFFERS = {
	'Debian 12':
		'bats chromium debootstrap docker-compose docker.io jq postgresql-15 postgresql-15-postgis-3 postgresql-client python3-redis redis-server',
	'Debian 13':
		'bats chromium debootstrap docker-buildx docker-cli docker-compose docker.io jq postgresql-17 postgresql-17-postgis-3 postgresql-client python3-redis redis-server',
	'Ubuntu 24.04':
		'bats chromium-browser debootstrap docker-buildx docker-compose docker-compose-v2 docker.io jq postgresql-16 postgresql-16-postgis-3 postgresql-client python3-redis redis-server',
	'a machine without lists': '',
};

function choose(offered: string, ...parts: string[]): string {
	const script = 'source scripts/local/lib/packages.sh; choose_packages "$@"';
	const input = offered.split(' ').join('\n') + '\n';
	const { status, stdout, stderr } = spawnSync('bash', ['-euc', script, 'bash', ...parts], {
		cwd: root,
		input,
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(stderr);
	return stdout.trim().split('\n').join(' ');
}

it.each([
	['Debian 12', 'postgresql-15 postgresql-15-postgis-3 redis-server'],
	['Debian 13', 'postgresql-17 postgresql-17-postgis-3 redis-server'],
	['Ubuntu 24.04', 'postgresql-16 postgresql-16-postgis-3 redis-server'],
	['a machine without lists', 'postgresql-15 postgresql-15-postgis-3 redis-server'],
] as const)('on %s npm start wants %s', (release, packages) => {
	expect(choose(OFFERS[release], 'postgres', 'redis')).toBe(packages);
});

it.each([
	['Debian 12', 'docker.io debootstrap docker-compose'],
	['Debian 13', 'docker.io docker-cli docker-buildx debootstrap docker-compose'],
	['Ubuntu 24.04', 'docker.io docker-buildx debootstrap docker-compose-v2'],
] as const)('on %s the image suite wants %s', (release, packages) => {
	expect(choose(OFFERS[release], 'dockerd', 'debootstrap', 'docker-compose')).toBe(packages);
});

it('passes over PostGIS for a Postgres that is too old', () => {
	const offered =
		'postgresql-13 postgresql-13-postgis-3 postgresql-15 postgresql-15-postgis-3 postgresql-9.6-postgis-3';
	expect(choose(offered, 'postgres')).toBe('postgresql-15 postgresql-15-postgis-3');
});

it('takes the newest server for which there is PostGIS', () => {
	const offered = 'postgresql-16 postgresql-16-postgis-3 postgresql-17 postgresql-17-postgis-3 postgresql-18';
	expect(choose(offered, 'postgres')).toBe('postgresql-17 postgresql-17-postgis-3');
});

it('names the psql client and the Python of the documented consumer', () => {
	expect(choose(OFFERS['Debian 13'], 'psql', 'python3-redis', 'jq')).toBe('postgresql-client python3 python3-redis jq');
});
