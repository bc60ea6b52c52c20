import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run events:tail -- [options]
  --type GLOB       only these types, e.g. 'trm.vehicles.*'; several times: any of them
  --subject GLOB    only these subjects, e.g. 'positions/*'
  --from SEQUENCE   begin there; without it with what comes from now on (--no-follow: with all that is there)
  --no-follow       end when the end of the stream is reached
  --json            one JSON object a line: the fields, with sequence as a number and data parsed
Redis: REDIS_URL or REDIS and EVENT_STREAM of the environment, else those of the stack that npm start runs.`;

export interface TailOptions {
	types: RegExp[];
	subjects: RegExp[];
	/** null: not given */
	from: number | null;
	follow: boolean;
	json: boolean;
	help: boolean;
}

/** @throws Error for arguments that are none of ours. */
export function parseTailOptions(args: string[]): TailOptions {
	const { values } = parseArgs({
		args,
		allowNegative: true,
		options: {
			type: { type: 'string', multiple: true, default: [] },
			subject: { type: 'string', multiple: true, default: [] },
			from: { type: 'string' },
			follow: { type: 'boolean', default: true },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});

	if (values.from !== undefined && !/^\d{1,15}$/.test(values.from)) {
		throw new Error(`--from ${values.from} is not a sequence: give a whole number`);
	}

	return {
		types: values.type.map(globToRegExp),
		subjects: values.subject.map(globToRegExp),
		from: values.from === undefined ? null : Number(values.from),
		follow: values.follow,
		json: values.json,
		help: values.help,
	};
}

/** `*` stands for any characters, `?` for one; the whole text has to match. */
export function globToRegExp(glob: string): RegExp {
	const pattern = glob
		.replace(/[.+^${}()|[\]\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return new RegExp(`^${pattern}$`, 's');
}

/** Whether a text matches one of the patterns, or there are none. */
export function matchesAny(patterns: RegExp[], text: string): boolean {
	return patterns.length === 0 || patterns.some((pattern) => pattern.test(text));
}
