import type { Command } from 'commander';
import { z } from 'zod';
import { different, printJson, type Runtime } from '../../lib/command.js';
import { EXIT, Stop } from '../../lib/exit-status.js';
import { askEventStatus } from '../event-status.js';
import { onInterruption } from './interruption.js';
import { parkedLines, readParked, retryLines, retryParked } from './parked.js';
import { replay } from './replay.js';
import { parseReplayRequest } from './replay-flags.js';
import { statusLines } from './status-lines.js';

interface JsonFlag {
	json: boolean;
}

interface RetryFlags extends JsonFlag {
	all: boolean;
}

/** `trm events …`: operating the event stream, documented in docs/event-stream-operations.md. Needs no Directus. */
export function registerEventCommands(program: Command, runtime: Runtime): void {
	const events = program.command('events').description('the event stream');

	events
		.command('status')
		.description('how the stream is; exit 0 ok or waiting, 1 stalled or down')
		.option('--json', 'what GET /event-stream/status gives, on one line', false)
		.action((flags: JsonFlag) => status(runtime, flags));

	events
		.command('parked')
		.description('the events that could not be sent')
		.option('--json', 'a list on one line', false)
		.action((flags: JsonFlag) => parked(runtime, flags));

	events
		.command('retry')
		.description('put parked events back, to be sent after all that waits; exit 1 where some are unknown')
		.argument('[event-id...]', 'as "trm events parked" lists them')
		.option('--all', 'all of them', false)
		.option('--json', 'the ids that were returned, were there earlier, and are unknown', false)
		.action((ids: string[], flags: RetryFlags) => retry(runtime, ids, flags));

	events
		.command('replay')
		.description(
			'send retained events again, with their ids, to another stream; exit 1 where some are no longer retained',
		)
		.option('--from <sequence>', 'the first to send; needed')
		.option('--to <sequence>', 'the last to send; default: the last one published')
		.option('--type <glob...>', 'only events of these types, such as "trm.entries.*"')
		.option('--subject <glob>', 'only events on this, such as "vehicles/*"')
		.option('--stream <key>', 'where to; needed; an earlier run that was stopped is continued')
		.option('--dry-run', 'count only', false)
		.action((flags: object) => replayEvents(runtime, flags));
}

function printResult({ out }: Runtime, lines: string[]): void {
	for (const line of lines) out(`${line}\n`);
}

async function status(runtime: Runtime, { json }: JsonFlag): Promise<void> {
	const found = await runtime.withSql('events status', askEventStatus);
	if (json) printJson(runtime, found);
	else printResult(runtime, statusLines(found));
	if (found.state !== 'ok' && found.state !== 'waiting') throw different();
}

async function parked(runtime: Runtime, { json }: JsonFlag): Promise<void> {
	const found = await runtime.withSql('events parked', readParked);
	if (json) printJson(runtime, found);
	else printResult(runtime, parkedLines(found));
}

async function retry(runtime: Runtime, given: string[], { all, json }: RetryFlags): Promise<void> {
	const ids = [...new Set(given.map((id) => id.toLowerCase()))];
	const wrong = ids.filter((id) => !z.guid().safeParse(id).success);
	if (wrong.length > 0) throw new Stop(EXIT.usage, `no id of an event: ${wrong.join(', ')}`);
	if (all === ids.length > 0) throw new Stop(EXIT.usage, 'name the events to retry, or give --all');

	const outcome = await runtime.withSql('events retry', (sql) => retryParked(sql, all ? null : ids));
	if (json) printJson(runtime, outcome);
	else printResult(runtime, retryLines(outcome));
	if (outcome.unknown.length > 0) throw different();
}

async function replayEvents(runtime: Runtime, flags: object): Promise<void> {
	const request = parseReplayRequest(flags, runtime.env);
	const { signal, status: interrupted } = onInterruption();
	const { state, summary } = await runtime.withSql('events replay', (sql) => replay(sql, request, runtime.log, signal));
	printResult(runtime, summary);
	if (state === 'interrupted') throw new Stop(interrupted());
	if (state === 'incomplete') throw different();
}
