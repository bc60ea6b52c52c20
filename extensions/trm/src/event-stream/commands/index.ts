import type { HookExtensionContext } from '@directus/types';
import type { Command } from 'commander';
import { z } from 'zod';
import { readEventStatus } from '../event-status.js';
import { CommandRefused, runCommand, type Print } from '../../lib/run-command.js';
import { onInterruption } from './interruption.js';
import { parkedLines, readParked, retryParked } from './parked.js';
import { replay } from './replay.js';
import { parseReplayRequest } from './replay-flags.js';
import { statusLines } from './status-lines.js';

/** Exit status of a replay that could not send everything because some of it is no longer retained. */
const INCOMPLETE = 3;

interface JsonFlag {
	json: boolean;
}

/** `trm events …`: operating the event stream, documented in docs/event-stream-operations.md. */
export function registerEventCommands(trm: Command, context: HookExtensionContext): void {
	const events = trm.command('events').description('the event stream');
	const { database } = context;

	const run = (command: (print: Print) => Promise<number>) => runCommand(context, 'events', command);

	events
		.command('status')
		.description('how the stream is; exit 0 ok or waiting, 1 stalled or down')
		.option('--json', 'what GET /event-stream/status gives, on one line', false)
		.action(({ json }: JsonFlag) =>
			run(async (print) => {
				const status = await readEventStatus(database);
				if (json) printJson(status);
				else statusLines(status).forEach(print);
				return status.state === 'ok' || status.state === 'waiting' ? 0 : 1;
			}),
		);

	events
		.command('parked')
		.description('the events that could not be sent')
		.option('--json', 'a list on one line', false)
		.action(({ json }: JsonFlag) =>
			run(async (print) => {
				const parked = await readParked(database);
				if (json) printJson(parked);
				else parkedLines(parked).forEach(print);
				return 0;
			}),
		);

	events
		.command('retry')
		.description('put parked events back, to be sent after all that waits')
		.argument('[event-id...]', 'as "trm events parked" lists them')
		.option('--all', 'all of them', false)
		.action((ids: string[], { all }: { all: boolean }) => run((print) => retry(context, ids, all, print)));

	events
		.command('replay')
		.description(
			'send retained events again, with their ids, to another stream; exit 3 where some are no longer retained',
		)
		.option('--from <sequence>', 'the first to send; needed')
		.option('--to <sequence>', 'the last to send; default: the last one published')
		.option('--type <glob...>', 'only events of these types, such as "trm.entries.*"')
		.option('--subject <glob>', 'only events on this, such as "vehicles/*"')
		.option('--stream <key>', 'where to; needed; an earlier run that was stopped is continued')
		.option('--dry-run', 'count only', false)
		.action((flags: object) =>
			run(async (print) => {
				const { signal, status } = onInterruption();
				const outcome = await replay(database, parseReplayRequest(flags, context.env), print, signal);
				return { complete: 0, incomplete: INCOMPLETE, interrupted: status() }[outcome];
			}),
		);
}

async function retry({ database }: HookExtensionContext, given: string[], all: boolean, print: Print): Promise<number> {
	const ids = [...new Set(given.map((id) => id.toLowerCase()))];
	const wrong = ids.filter((id) => !z.guid().safeParse(id).success);
	if (wrong.length > 0) throw new CommandRefused(`no id of an event: ${wrong.join(', ')}`);
	if (all === ids.length > 0) throw new CommandRefused('name the events to retry, or give --all');

	const { returned, earlier, unknown } = await retryParked(database, all ? null : ids);
	for (const id of earlier) print(`${id} is in the outbox already`);
	for (const id of unknown) print(`${id} is not parked`);
	print(`${returned.length} events put back into the outbox`);
	return unknown.length > 0 ? 1 : 0;
}

/** One line of its own: Directus's log lines, if any, stand before it. */
function printJson(value: unknown): void {
	process.stdout.write(`${JSON.stringify(value)}\n`);
}
