import type { Caller } from '../client.js';
import { newImei } from '../side.js';
import { harmless, nothing, refused, type Ask, type Attack, type Group } from './attack.js';
import { LENT, type Setting } from './setting.js';

const HOLDERS = ['owner', 'race_director', 'operator'] as const;

/** Has A's own tracker be one that never served B: what it sent would then be its own. */
const numbers: Attack[] = [
	...HOLDERS.flatMap((role): Attack[] => [
		refused(
			`as ${role}, gives a lent tracker another IMEI, in every way there is`,
			(s) => [
				[role, 'PATCH', `/items/devices/${s.lent.device}`, { imei: newImei() }],
				[role, 'PATCH', `/items/devices/${s.lent.device}`, { imei: newImei(), status: 'retired' }],
				[role, 'PATCH', '/items/devices', [{ id: s.lent.device, imei: newImei() }]],
				[role, 'PATCH', '/items/devices', { keys: [s.lent.device], data: { imei: newImei() } }],
			],
			[400],
		),
		refused(
			`as ${role}, gives it to another through an assignment or a link`,
			(s) => [
				[
					role,
					'PATCH',
					`/items/entry_devices/${s.own.draft.assignment}`,
					{ device: { id: s.lent.device, imei: newImei() } },
				],
				[
					role,
					'POST',
					'/items/organization_devices',
					{ organization: s.sister, device: { id: s.lent.device, imei: newImei() } },
				],
			],
			[400, 403],
		),
		harmless(
			`as ${role}, takes its IMEI for a new tracker, and asks for the fixes of that`,
			(s): Ask[] => [
				[role, 'PATCH', `/items/devices/${s.lent.device}`, { imei: newImei() }],
				[role, 'POST', '/items/devices', { imei: s.lent.imei, organization: s.own.organization }],
				[role, 'GET', `/positions/track?device_id=${s.lent.imei}&from=${LENT.window.from}&to=${LENT.window.to}`],
			],
			[200, 400],
		),
	]),
	harmless(
		'changes its IMEI by GraphQL',
		(s) => [
			'operator',
			'POST',
			'/graphql',
			{ query: `mutation { update_devices_item(id: "${s.lent.device}", data: { imei: "${newImei()}" }) { id } }` },
		],
		[200, 400],
	),
	refused(
		'deletes it, to make it again',
		(s) => [
			['owner', 'DELETE', `/items/devices/${s.lent.device}`],
			['operator', 'DELETE', '/items/devices', [s.lent.device]],
		],
		[403, 409],
	),
];

const READERS = [...HOLDERS, 'timekeeper'] as const;
const flagsOf = (s: Setting) => `filter[device][_eq]=${s.lent.device}`;

const flags: Attack[] = READERS.flatMap((role): Attack[] => [
	refused(`as ${role}, reads the flag that B made of a lent tracker`, (s) => [
		role,
		'GET',
		`/items/position_flags/${s.lent.flag}`,
	]),
	nothing(`as ${role}, lists, counts and finds it`, (s) => [
		[role, 'GET', `/items/position_flags?limit=-1&${flagsOf(s)}`],
		[role, 'GET', `/items/position_flags?aggregate[countDistinct]=id&${flagsOf(s)}`],
		[role, 'GET', `/items/position_flags?fields=id&filter[reason][_starts_with]=${LENT.reason}`],
		[role, 'GET', `/items/position_flags?search=${LENT.reason}`],
		[role, 'GET', `/items/devices?fields=id&filter[flags][reason][_starts_with]=${LENT.reason}`],
		[role, 'GET', `/items/devices?fields=id&filter[flags][id][_eq]=${s.lent.flag}`],
	]),
	harmless(`as ${role}, looks for it behind the tracker`, (s) => [
		[role, 'GET', `/items/devices/${s.lent.device}?fields=flags`],
		[role, 'GET', `/items/devices/${s.lent.device}?fields=*,flags.*,flags.user_created.*`],
		[role, 'GET', `/items/devices?export=csv&fields=flags.reason&limit=-1`],
		[
			role,
			'POST',
			'/graphql',
			{ query: `{ devices_by_id(id: "${s.lent.device}") { flags { id reason from to keys } } }` },
		],
	]),
]);

const dismissed: Attack[] = (['devices', 'vehicles'] as const).flatMap((list): Attack[] => {
	const field = list === 'devices' ? 'device' : 'vehicle';
	const path = (s: Setting) => `/items/${list}/${s.leftBehind[field]}`;
	const as = (s: Setting): Caller => s.dismissed;

	return [
		refused(`as dismissed staff, reads and changes what he made of ${list}`, (s) => [
			[as(s), 'GET', path(s)],
			[as(s), 'PATCH', path(s), { model: 'x' }],
			[as(s), 'DELETE', path(s)],
			[
				as(s),
				'POST',
				`/items/organization_${list}`,
				{ organization: s.own.organization, [field]: s.leftBehind[field] },
			],
		]),
		nothing(`as dismissed staff, lists and finds what he made of ${list}`, (s) => [
			[as(s), 'GET', `/items/${list}?limit=-1&filter[id][_eq]=${s.leftBehind[field]}`],
			[as(s), 'GET', `/items/${list}?filter[user_created][_eq]=$CURRENT_USER`],
			[as(s), 'GET', `/items/${list}?aggregate[countDistinct]=id&filter[id][_eq]=${s.leftBehind[field]}`],
		]),
	];
});

export const borrowed: Group[] = [
	{ name: 'the IMEI of a lent tracker', attacks: numbers },
	{ name: 'the flags of a lent tracker', attacks: flags },
	{ name: 'what dismissed staff made', attacks: dismissed },
];
