import { computed, shallowRef, type Ref } from 'vue';
import { LONGEST_REASON, MOST_POSITIONS, MOST_RANGES } from '../fixes/limits.js';
import type { Api } from './api.js';
import { dateAndTime } from './event-time.js';
import { planFlag, planUndo } from './flag-plan.js';
import { messages } from './messages.js';
import type { Selection } from './selection.js';
import { explain, isForbidden, messageOf } from './server-errors.js';
import type { FlagCall, FlagItem, FlagQuestion, TrackFix } from './types.js';
import { readFlagKeys, sendFlags } from './use-flags.js';
import type { Track } from './use-track.js';

/** What the dialog is about: the selection, or an item of the history to take back. */
type Task = { kind: 'selection'; faulty: boolean; selected: ReadonlySet<number> } | { kind: 'undo'; item: FlagItem };

interface FlaggingOptions {
	api: Api;
	track: Track;
	/** the tracker whose history is shown; its fixes need not be loaded */
	imei: Ref<string | null>;
	selection: Ref<Selection>;
	zone: Ref<string>;
	/** after fixes were changed, with what to tell: the history has a new item */
	onDone: (outcome: string) => void;
	/** after the server said that the user may not, whatever was known of his rights */
	onRefused: (imei: string) => void;
}

/** Flagging, unflagging and undo: from the button through the dialog and the call to the outcome. */
export function useFlagging({ api, track, imei, selection, zone, onDone, onRefused }: FlaggingOptions) {
	const task = shallowRef<Task | null>(null);
	const busy = shallowRef(false);
	const error = shallowRef<string | null>(null);

	const question = computed<FlagQuestion | null>(() => {
		if (task.value === null) return null;
		return task.value.kind === 'undo' ? askUndo(task.value.item, zone.value) : askSelection(task.value);
	});

	function askSelection({ faulty, selected }: Task & { kind: 'selection' }): FlagQuestion {
		const fixes = track.fixes.value;
		const plan = planFlag('', fixes, selected);

		return {
			title: faulty ? messages.flagTitle(selected.size) : messages.unflagTitle(selected.size),
			lines: [timeSpan(fixes, selected, zone.value), faulty ? messages.flagMeaning : messages.unflagMeaning],
			warning:
				plan.kind === 'refused'
					? messages.tooScattered(MOST_POSITIONS, MOST_RANGES)
					: plan.kind === 'ranges'
						? messages.sentAsRanges(plan.ranges.length)
						: null,
			faulty,
			reason: '',
			offersRange: plan.kind === 'keys' && selected.size > 1 && planFlag('', fixes, selected, true).kind === 'ranges',
			refused: plan.kind === 'refused',
		};
	}

	function ask(next: Task | null): void {
		error.value = null;
		task.value = next;
	}

	async function confirm(reason: string | null, asRange: boolean): Promise<void> {
		const current = task.value;
		const deviceId = current?.kind === 'undo' ? imei.value : track.deviceId.value;
		if (current === null || deviceId === null) return;
		busy.value = true;
		error.value = null;

		try {
			const call =
				current.kind === 'undo'
					? await undoCall(current.item, deviceId, reason)
					: selectionCall(current, deviceId, reason, asRange);

			if (call === null) {
				error.value = messages.undoGone;
				return;
			}

			const { changed, matched, missing } = await sendFlags(api, call);
			track.applyFlag(affected(track.fixes.value, call), call.faulty, new Set(missing.map(({ ts }) => ts)));
			task.value = null;
			onDone(messages.done(call.faulty, changed, matched, missing.length));
		} catch (thrown) {
			error.value = await explain(api, thrown, (refused) => messages.flagForbidden(messageOf(refused)));
			if (isForbidden(thrown)) onRefused(deviceId);
		} finally {
			busy.value = false;
		}
	}

	function selectionCall(
		{ faulty, selected }: Task & { kind: 'selection' },
		deviceId: string,
		reason: string | null,
		asRange: boolean,
	): FlagCall | null {
		const plan = planFlag(deviceId, track.fixes.value, selected, asRange);
		if (plan.kind === 'refused') return null;
		return plan.kind === 'keys'
			? { faulty, reason, positions: plan.positions }
			: { faulty, reason, ranges: plan.ranges };
	}

	async function undoCall(item: FlagItem, deviceId: string, reason: string | null): Promise<FlagCall | null> {
		const held = await readFlagKeys(api, item.id);
		return planUndo({ faulty: item.faulty, ...held }, deviceId, reason);
	}

	return {
		question,
		busy,
		error,
		confirm,
		close: () => ask(null),
		flagSelection: (faulty: boolean) => ask({ kind: 'selection', faulty, selected: selection.value.selected }),
		undo: (item: FlagItem) => ask({ kind: 'undo', item }),
	};
}

function askUndo(item: FlagItem, zone: string): FlagQuestion {
	const { faulty, changed, matched, ranges } = item;
	const isWider = ranges !== null && changed < matched;

	return {
		title: messages.undoTitle(faulty, isWider ? matched : changed),
		lines: [
			item.from && item.to ? spanText(item.from, item.to, zone) : '',
			faulty ? messages.unflagMeaning : messages.flagMeaning,
		].filter(Boolean),
		warning: isWider ? messages.undoOverlap(changed, matched, faulty) : null,
		faulty: !faulty,
		reason: messages.undoReason(faulty, item.reason).slice(0, LONGEST_REASON),
		offersRange: false,
		refused: false,
	};
}

function timeSpan(fixes: readonly TrackFix[], selected: ReadonlySet<number>, zone: string): string {
	const indices = [...selected].sort((a, b) => a - b);
	const first = fixes[indices[0] ?? -1];
	const last = fixes[indices.at(-1) ?? -1];
	if (!first || !last) return '';
	return spanText(first.ts, last.ts, zone);
}

/** To the second: a single fix begins and ends in the same one, also where the end is open. */
function spanText(from: string, to: string, zone: string): string {
	const [start, end] = [dateAndTime(from, zone), dateAndTime(to, zone)];
	return start === end ? messages.at(start) : messages.between(start, end);
}

/** Indices of the loaded fixes that a call names. */
function affected(fixes: readonly TrackFix[], { positions, ranges }: FlagCall): number[] {
	const keys = new Set(positions?.map(({ ts }) => ts));
	const isNamed = ({ ts }: TrackFix) =>
		keys.has(ts) || (ranges?.some(({ from, to }) => ts >= from && ts < to) ?? false);
	return fixes.flatMap((fix, index) => (isNamed(fix) ? [index] : []));
}
