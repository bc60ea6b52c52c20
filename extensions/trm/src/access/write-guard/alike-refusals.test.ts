import { expect, it } from 'vitest';
import { alike } from './alike-refusals.js';

const told = (message: string, code = 'FORBIDDEN') => ({
	errors: [{ message, extensions: { code, reason: message } }],
});
const ALIKE = { errors: [{ message: "You don't have permission to access this.", extensions: { code: 'FORBIDDEN' } }] };

it.each([
	'You don\'t have permissions to perform "update" for the field(s) "event" in collection "entries" or it does not exist.',
	'You don\'t have permission to perform "delete" for collection "entries" or it does not exist.',
	'You don\'t have permission to access field "status" in collection "classes" or it does not exist. Queried in root.',
])('%s is told alike', (message) => expect(alike(told(message))).toEqual(ALIKE));

it.each([
	told('The tracker was in use: it keeps its IMEI.'),
	told("You don't have permission to access this.", 'INVALID_PAYLOAD'),
	{ data: { id: 'x' } },
	null,
	'text',
])('%j stays as it is', (body) => expect(alike(body)).toEqual(body));
