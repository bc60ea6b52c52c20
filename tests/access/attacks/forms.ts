import type { Caller } from '../client.js';
import { refused, type Ask, type Attack, type Group } from './attack.js';

const BOUNDARY = 'X';
const HEADERS = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };

const part = (type: string, content: string) =>
	`--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a"\r\nContent-Type: ${type}\r\n\r\n${content}`;

/** Forms that break off: within a file, after it, within the head of a part, and before anything. */
const BROKEN = [
	part('text/csv', 'x'),
	part('application/json', '[{"name":"x"}'),
	`${part('text/plain', 'x')}\r\n`,
	`--${BOUNDARY}\r\nContent-Disposition: form-d`,
	`--${BOUNDARY}`,
];

const WHOLE = `${part('text/csv', 'x')}\r\n--${BOUNDARY}--\r\n`;

const sent = (as: Caller, [method, path]: [string, string], forms: string[]) =>
	forms.map((form): Ask => [as, method, path, form, HEADERS]);

const routes = (file: string): [string, string][] => [
	['POST', '/files'],
	['PATCH', `/files/${file}`],
	['POST', '/Files/'],
	['POST', '/utils/import/events'],
	['POST', '/utils/import/events?background=true'],
	['POST', '/schema/diff'],
	['POST', '/schema/apply'],
];

/** One such request used to end the process: then all that is launched beside and after it fails too. */
export const forms: Group[] = [
	{
		name: 'forms with files',
		attacks: [
			...(['public', 'owner', 'competitor', 'processor', 'metrics'] as const).map(
				(role): Attack =>
					refused(`sends forms that break off, and whole ones, as ${role}`, (s) =>
						routes(s.system.file).flatMap((route) => sent(role, route, [...BROKEN, WHOLE])),
					),
			),
			refused('sends forms that break off as somebody who was dismissed', (s) =>
				routes(s.system.file).flatMap((route) => sent(s.dismissed, route, BROKEN)),
			),
			refused(
				'sends forms that break off as an administrator, whose page did not get to the end',
				(s) =>
					routes(s.system.file)
						.filter(([, path]) => !path.includes('background'))
						.flatMap((route) => sent('administrator', route, BROKEN)),
				[400],
			),
			refused(
				'sends what is no form to where forms are read, as an administrator',
				(s) =>
					routes(s.system.file).map(
						([method, path]): Ask => ['administrator', method, path, 'x', { 'Content-Type': 'multipart/form-data' }],
					),
				[400],
			),
		],
	},
];
