import { describe, expect, it } from 'vitest';
import { isAnswerOfProvider, isForged, type OriginSettings } from './foreign-origin.js';

const PUBLIC_URL = 'https://race.example.com/directus';
const sent = (more: object = {}) => ({
	method: 'POST',
	origin: 'https://race.example.com' as string | undefined,
	host: '10.0.0.7:8055' as string | undefined,
	hasCookie: true,
	...more,
});

describe('isForged', () => {
	it.each([
		['of another site', 'https://elsewhere.example'],
		['of another port', 'https://race.example.com:8443'],
		['of the port of plain HTTP on which nobody is', 'http://race.example.com:8055'],
		['of a subdomain', 'https://wiki.race.example.com'],
		['of a neighbour', 'https://results.example.com'],
		['whose name begins alike', 'https://race.example.com.elsewhere.example'],
		['whose user is named alike', 'https://race.example.com@elsewhere.example'],
		['in a frame without origin, or of a file', 'null'],
		['of an extension', 'chrome-extension://abcdefgh'],
		['of no origin at all', ''],
		['of two origins', 'https://race.example.com, https://elsewhere.example'],
	])('a page %s', (_, origin) => {
		expect(isForged(sent({ origin }), { PUBLIC_URL })).toBe(true);
	});

	it.each(['POST', 'PATCH', 'DELETE', 'PUT', 'SEARCH'])('%s', (method) => {
		expect(isForged(sent({ method, origin: 'https://elsewhere.example' }), { PUBLIC_URL })).toBe(true);
	});

	it.each([
		['reads', sent({ method: 'GET', origin: 'https://elsewhere.example' })],
		['asks beforehand', sent({ method: 'OPTIONS', origin: 'https://elsewhere.example' })],
		['has no cookie', sent({ hasCookie: false, origin: 'https://elsewhere.example' })],
		['comes from no page', sent({ origin: undefined })],
		['comes from PUBLIC_URL', sent()],
		['comes from where it is sent', sent({ origin: 'http://10.0.0.7:8055' })],
		[
			'comes from where it is sent, with the port of HTTPS',
			sent({ origin: 'https://a.example', host: 'a.example:443' }),
		],
		['comes from where it is sent by IPv6', sent({ origin: 'http://[::1]:8055', host: '[::1]:8055' })],
	])('not what %s', (_, request) => {
		expect(isForged(request, { PUBLIC_URL })).toBe(false);
	});

	it('not without a whole PUBLIC_URL, from where it is sent', () => {
		expect(isForged(sent({ origin: 'http://10.0.0.7:8055' }), { PUBLIC_URL: '/' })).toBe(false);
		expect(isForged(sent(), { PUBLIC_URL: '/' })).toBe(true);
		expect(isForged(sent({ host: undefined }), {})).toBe(true);
	});

	const app = 'https://app.example.org';
	const cors = (CORS_ORIGIN: unknown, CORS_ENABLED = true): OriginSettings => ({
		PUBLIC_URL,
		CORS_ENABLED,
		CORS_ORIGIN,
	});

	it.each([
		['one', cors(app)],
		['a list', cors(['https://other.example.org', app])],
		['an expression', cors(/^https:\/\/[a-z]+\.example\.org$/)],
		['all', cors(true)],
	])('not from an origin that CORS_ORIGIN allows, as %s', (_, settings) => {
		expect(isForged(sent({ origin: app }), settings)).toBe(false);
	});

	it.each([
		['is off', cors(app, false)],
		['allows nobody', cors(false)],
		['allows another', cors(`${app}:8443`)],
		['allows a list of others', cors(['https://other.example.org', /^https:\/\/app\.example\.com$/])],
		['allows all without a session', cors('*')],
		['allows nothing yet', cors(undefined)],
	])('where CORS %s', (_, settings) => {
		expect(isForged(sent({ origin: app }), settings)).toBe(true);
	});
});

describe('isAnswerOfProvider', () => {
	it.each(['auth/login/saml/acs', 'Auth/Login/google/Callback'])('%s', (path) => {
		expect(isAnswerOfProvider(path.split('/'))).toBe(true);
	});

	it.each(['auth/login/saml', 'auth/login', 'auth/refresh', 'items/auth/login/acs', ''])('not %s', (path) => {
		expect(isAnswerOfProvider(path.split('/'))).toBe(false);
	});
});
