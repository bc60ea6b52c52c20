import { ASSIGNED, FIX_RANGE } from '../side.js';
import { alike, harmless, refused, type Ask, type Attack, type Group } from './attack.js';
import { LENT, type Setting } from './setting.js';

const NOT_THERE = '359999999999999';
const { from, to } = FIX_RANGE;

const track = (imei: string, more = '') =>
	`/positions/track?device_id=${encodeURIComponent(imei)}&from=${from}&to=${to}${more}`;

const flagging = (imei: string, more: object = {}) => ({
	reason: 'mine',
	ranges: [{ device_id: imei, from: '2026-06-07T08:00:30Z', to: '2026-06-07T08:00:40Z' }],
	...more,
});

/** Of B, and of nobody. */
const both = (s: Setting) => [s.foreign.draft.imei, NOT_THERE];

const existence: Attack[] = [
	...(
		[
			'owner',
			'race_director',
			'timekeeper',
			'operator',
			'marshal',
			'viewer',
			'competitor',
			'metrics',
			'public',
		] as const
	).flatMap((role): Attack[] => [
		alike(
			`as ${role}, tells B's tracker from none by its fixes`,
			(s) => both(s).map((imei): Ask => [role, 'GET', track(imei)]),
			both,
		),
		alike(
			`as ${role}, tells B's tracker from none by a flag`,
			(s) => both(s).map((imei): Ask => [role, 'POST', '/positions/flag-faulty', flagging(imei)]),
			both,
		),
	]),
	alike(
		'tells by a flag that takes nothing back',
		(s) =>
			both(s).map((imei): Ask => ['operator', 'POST', '/positions/flag-faulty', flagging(imei, { faulty: false })]),
		both,
	),
	alike(
		'tells by a flag of keys, some of them there',
		(s) =>
			both(s).map(
				(imei): Ask => [
					'operator',
					'POST',
					'/positions/flag-faulty',
					{ reason: 'mine', positions: [{ device_id: imei, ts: from }] },
				],
			),
		both,
	),
	alike(
		'tells by a flag that names an own tracker too',
		(s) =>
			both(s).map((imei): Ask => {
				const own = { device_id: s.own.draft.imei, from: '2026-06-07T08:05:00Z', to: '2026-06-07T08:05:01Z' };
				return [
					'operator',
					'POST',
					'/positions/flag-faulty',
					flagging(imei, { ranges: [own, ...flagging(imei).ranges] }),
				];
			}),
		both,
	),
];

const rights: Attack[] = [
	refused("flags B's fixes", (s) =>
		(['owner', 'race_director', 'operator'] as const).flatMap((role): Ask[] => [
			[role, 'POST', '/positions/flag-faulty', flagging(s.foreign.draft.imei)],
			[role, 'POST', '/positions/flag-faulty', flagging(s.foreign.published.imei, { faulty: false })],
		]),
	),
	refused('flags the fixes of A without being an operator', (s) =>
		(['timekeeper', 'marshal', 'viewer', 'competitor', 'processor', 'metrics', 'public'] as const).map(
			(role): Ask => [role, 'POST', '/positions/flag-faulty', flagging(s.own.draft.imei)],
		),
	),
	refused('reads the track of A without a right to its trackers', (s) =>
		(['marshal', 'viewer', 'competitor', 'metrics', 'public'] as const).map(
			(role): Ask => [role, 'GET', track(s.own.draft.imei)],
		),
	),
	refused('reads and flags as dismissed staff', (s) => [
		[s.dismissed, 'GET', track(s.own.draft.imei)],
		[s.dismissed, 'POST', '/positions/flag-faulty', flagging(s.own.draft.imei)],
	]),
	refused(
		'has his own device become one of A by its number',
		(s) => [
			['operator', 'POST', '/items/devices', { imei: s.foreign.draft.imei, organization: s.own.organization }],
			['operator', 'PATCH', `/items/devices/${s.own.draft.device}`, { imei: s.foreign.draft.imei }],
		],
		[400, 403],
	),
];

/** The tracker was B's until noon of 8 June, on B's entry, and A's from then on. */
const lent: Attack[] = [
	harmless(
		"reads what a lent tracker sent in B's time",
		(s) => {
			const { window, theirs, handedOver } = LENT;
			const path = `/positions/track?device_id=${s.lent.imei}`;
			return [
				['operator', 'GET', `${path}&from=${window.from}&to=${window.to}`],
				['owner', 'GET', `${path}&from=${window.from}&to=${window.to}&limit=1`],
				['timekeeper', 'GET', `${path}&from=${theirs}&to=${handedOver}`],
				['operator', 'GET', `${path}&from=${window.from}&to=${window.to}&cursor=${encodeURIComponent(theirs)}`],
			];
		},
		[200],
	),
	{
		...harmless(
			"flags by a range what a lent tracker sent in B's time",
			(s) => [
				'operator',
				'POST',
				'/positions/flag-faulty',
				{ reason: 'mine', ranges: [{ device_id: s.lent.imei, from: LENT.window.from, to: LENT.handedOver }] },
			],
			[200],
		),
		judge: ([answer]) =>
			answer?.status === 200 && answer.body.data.matched === 0 ? null : `matched: ${JSON.stringify(answer?.body)}`,
	},
	{
		...harmless("tells by a flag of keys when B's fixes were", (s) =>
			[LENT.theirs, '2026-06-08T09:00:01Z'].map(
				(ts): Ask => [
					'operator',
					'POST',
					'/positions/flag-faulty',
					{ reason: 'mine', positions: [{ device_id: s.lent.imei, ts }] },
				],
			),
		),
		judge: (answers) => {
			const told = answers.map(({ status, body }) =>
				JSON.stringify([status, body.data?.matched, body.data?.missing.length]),
			);
			return told.every((one) => one === '[200,0,1]') ? null : `came ${told.join(' and ')}`;
		},
	},
	refused("shortens B's assignment of a lent tracker, to see more of it", (s) => [
		['operator', 'PATCH', `/items/entry_devices/${s.lent.assignment}`, { assigned_to: LENT.window.from }],
		['owner', 'DELETE', `/items/entry_devices/${s.lent.assignment}`],
	]),
	harmless(
		"puts a lent tracker on an own entry in B's time",
		(s) => [
			'operator',
			'POST',
			'/items/entry_devices',
			{ entry: s.plainEntry, device: s.lent.device, assigned_from: LENT.window.from, assigned_to: LENT.handedOver },
		],
		[400, 403, 409],
	),
];

const WHO = [
	`' OR '1'='1`,
	`x'; DROP TABLE positions; --`,
	'\u0000',
	'\ufffe',
	'%',
	'../../etc',
	'{"a":1}',
	'💥'.repeat(100),
	'-1',
];

/** Both endpoints read everything before anything touches the database. */
const strings: Attack[] = [
	...WHO.map((text) =>
		harmless(
			`asks for the track and flags of ${JSON.stringify(text).slice(0, 40)}`,
			() => [
				['operator', 'GET', track(text)],
				['operator', 'GET', track('350000000000001', `&cursor=${encodeURIComponent(text)}`)],
				['operator', 'GET', track('350000000000001', `&limit=${encodeURIComponent(text)}`)],
				['operator', 'POST', '/positions/flag-faulty', flagging(text)],
				['operator', 'POST', '/positions/flag-faulty', flagging('350000000000001', { reason: text })],
				['operator', 'POST', '/positions/flag-faulty', flagging('350000000000001', { faulty: text })],
				['operator', 'POST', '/positions/flag-faulty', { reason: 'x', positions: [{ device_id: '1', ts: text }] }],
				['operator', 'POST', '/positions/flag-faulty', { reason: 'x', ranges: [{ device_id: '1', from: text, to }] }],
			],
			[400, 403],
		),
	),
	harmless(
		'sends lists, objects and numbers for strings',
		() =>
			[[], {}, 1, null, true, ['a'], { $ne: 1 }, 1e309].flatMap((value): Ask[] => [
				['operator', 'POST', '/positions/flag-faulty', flagging(value as string)],
				['operator', 'POST', '/positions/flag-faulty', { reason: value, ranges: value, positions: value }],
				['operator', 'POST', '/positions/flag-faulty', value],
			]),
		[400, 403],
	),
	harmless(
		'gives a parameter of the track several times, as an object and with the prototype',
		() => [
			['operator', 'GET', track('1', '&device_id=2')],
			['operator', 'GET', track('1', '&from[$gt]=1')],
			['operator', 'GET', track('1', '&__proto__[limit]=1')],
			['operator', 'GET', track('1', '&limit=99999999999999999999')],
			['operator', 'GET', track('1', '&limit=-1')],
			['operator', 'GET', '/positions/track'],
			['operator', 'GET', `/positions/track?device_id=1&from=${ASSIGNED.assigned_to}&to=${ASSIGNED.assigned_from}`],
			['operator', 'GET', '/positions/track?device_id=1&from=-infinity&to=infinity'],
			['operator', 'GET', '/positions/track?device_id=1&from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z'],
		],
		[400, 403],
	),
];

export const trackers: Group[] = [
	{ name: "whether B's trackers exist", attacks: existence },
	{ name: 'rights on tracks and flags', attacks: rights },
	{ name: 'a tracker lent from B to A', attacks: lent },
	{ name: 'what the endpoints take', attacks: strings },
];
