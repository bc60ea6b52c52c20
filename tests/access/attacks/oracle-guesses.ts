import type { Role } from '../roles.js';
import { alike, type Ask, type Attack, type Group } from './attack.js';
import type { Setting } from './setting.js';

/** A field that hides something, from rows that the attacker may read, with the start of what it holds and another start. */
interface Hidden {
	from: string;
	/** to the field, as a filter takes it */
	path: string[];
	right: (s: Setting) => string;
	wrong: string;
	as: Role;
}

const HASH = () => '$argon2';
const emailOf = (s: Setting) => s.administrators.email;

const HIDDEN: Hidden[] = [
	...['password', 'token', 'tfa_secret', 'external_identifier', 'auth_data'].flatMap((field): Hidden[] => [
		{ as: 'marshal', from: '/users', path: [field], right: HASH, wrong: '$bcrypt' },
		{ as: 'owner', from: '/items/organization_users', path: ['user', field], right: HASH, wrong: '$bcrypt' },
		{ as: 'owner', from: '/items/events', path: ['user_created', field], right: HASH, wrong: '$bcrypt' },
		{ as: 'owner', from: '/items/organizations', path: ['users', 'user', field], right: HASH, wrong: '$bcrypt' },
		{ as: 'race_director', from: '/items/entry_crew', path: ['user', field], right: HASH, wrong: '$bcrypt' },
	]),
	{ as: 'marshal', from: '/items/events', path: ['user_created', 'email'], right: emailOf, wrong: 'nobody@x.org' },
	{
		as: 'viewer',
		from: '/items/organizations',
		path: ['users', 'user', 'email'],
		right: emailOf,
		wrong: 'nobody@x.org',
	},
	{ as: 'competitor', from: '/items/entries', path: ['crew', 'user', 'email'], right: emailOf, wrong: 'nobody@x.org' },
	{ as: 'public', from: '/items/entries', path: ['crew', 'name'], right: () => 'canary', wrong: 'nobody' },
	{ as: 'public', from: '/items/entries', path: ['vehicle', 'plate'], right: () => 'canary', wrong: 'nobody' },
	{ as: 'public', from: '/items/entries', path: ['vehicle', 'vin'], right: () => '1', wrong: 'nobody' },
	{ as: 'public', from: '/items/vehicles', path: ['plate'], right: () => 'canary', wrong: 'nobody' },
	{
		as: 'public',
		from: '/items/organizations',
		path: ['users', 'user', 'email'],
		right: () => 'canary',
		wrong: 'nobody',
	},
	{ as: 'public', from: '/items/organizations', path: ['status'], right: () => 'active', wrong: 'archived' },
	{
		as: 'public',
		from: '/items/events',
		path: ['organization', 'devices', 'device', 'imei'],
		right: () => '35',
		wrong: '99',
	},
	{ as: 'marshal', from: '/items/entries', path: ['devices', 'device', 'imei'], right: () => '35', wrong: '99' },
	{
		as: 'marshal',
		from: '/items/organizations',
		path: ['devices', 'device', 'phone'],
		right: () => '+355',
		wrong: '+99',
	},
	{ as: 'processor', from: '/items/devices', path: ['phone'], right: () => '+355', wrong: '+99' },
	{ as: 'processor', from: '/items/entries', path: ['crew', 'name'], right: () => 'canary', wrong: 'nobody' },
	{ as: 'processor', from: '/items/events', path: ['organization', 'name'], right: () => 'Own', wrong: 'nobody' },
	{ as: 'processor', from: '/items/position_flags', path: ['user_created', 'email'], right: emailOf, wrong: 'nobody' },
];

const nest = (path: string[], condition: object) =>
	path.reduceRight<object>((inner, field) => ({ [field]: inner }), condition);
const asked = (hidden: Hidden, filter: object): Ask => [
	hidden.as,
	'GET',
	`${hidden.from}?fields=id&limit=-1&filter=${encodeURIComponent(JSON.stringify(filter))}`,
];

const guesses: Attack[] = HIDDEN.flatMap((hidden) => {
	const { as, from, path, right, wrong } = hidden;

	return [
		alike(
			`as ${as}, guesses how ${from} ${path.join('.')} begins`,
			(s) => [right(s), wrong].map((text) => asked(hidden, nest(path, { _starts_with: text }))),
			(s) => [right(s), wrong],
		),
		alike(
			`as ${as}, guesses what ${from} ${path.join('.')} holds, among other conditions`,
			(s) =>
				[right(s), wrong].map((text) =>
					asked(hidden, {
						_or: [{ id: { _null: true } }, { _and: [{ id: { _nnull: true } }, nest(path, { _icontains: text })] }],
					}),
				),
			(s) => [right(s), wrong],
		),
	];
});

export const oracleGuesses: Group[] = [{ name: 'guessing what hidden fields hold', attacks: guesses }];
