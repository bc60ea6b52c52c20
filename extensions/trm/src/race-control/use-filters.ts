import { computed, ref, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Api } from './api.js';
import { likelyEvent, readEntries, readEvents } from './catalogue.js';
import { toLocal, usableZone } from './event-time.js';
import { messages } from './messages.js';
import { missingTracker } from './rights.js';
import { explain } from './server-errors.js';
import { dayWindow, eventWindow, lostClockWindows, nameOf } from './time-windows.js';
import type { Entry, RallyEvent, TimeWindow } from './types.js';
import { readLink, writeLink } from './link.js';
import type { Rights } from './use-rights.js';
import { readTrackPage } from './use-track.js';

/** What the operator looks at: event, entry, tracker and window; kept in the address, so that a link shows the same. */
export function useFilters(api: Api, rights: Rights) {
	const route = useRoute();
	const router = useRouter();
	const link = readLink(route.query);

	const events = shallowRef<RallyEvent[]>([]);
	const entries = shallowRef<Entry[]>([]);
	const eventId = ref(link.event);
	const entryId = ref(link.entry);
	const imei = ref(link.device);
	const window = shallowRef<TimeWindow | null>(link.window);
	const ready = ref(false);
	const problem = ref<string | null>(null);

	const event = computed(() => events.value.find(({ id }) => id === eventId.value) ?? null);
	const entry = computed(() => entries.value.find(({ id }) => id === entryId.value) ?? null);
	const zone = computed(() => usableZone(event.value?.timezone));

	watch([eventId, entryId, imei, window], () => {
		void router.replace({
			query: writeLink({ event: eventId.value, entry: entryId.value, device: imei.value, window: window.value }),
		});
	});

	async function start(): Promise<void> {
		try {
			[events.value] = await Promise.all([readEvents(api, rights.reader.value.isAdmin), rights.readOwn()]);
			if (events.value.length === 0) problem.value = messages.noEvents;
			if (!event.value && !imei.value) eventId.value = likelyEvent(events.value)?.id ?? null;
			await loadEntries();
			tellMissingTracker();
		} catch (thrown) {
			problem.value = await explain(api, thrown, () => messages.eventsForbidden);
		}

		ready.value = true;
	}

	async function loadEntries(): Promise<void> {
		entries.value = [];
		const wanted = eventId.value;
		if (wanted === null) return;

		try {
			const found = await readEntries(api, wanted);
			if (wanted === eventId.value) entries.value = found;
		} catch (thrown) {
			problem.value = await explain(api, thrown, () => messages.entriesForbidden);
		}
	}

	async function chooseEvent(id: string): Promise<void> {
		if (id === eventId.value) return;
		eventId.value = id;
		entryId.value = null;
		imei.value = null;
		window.value = null;
		problem.value = null;
		await loadEntries();
	}

	function chooseEntry(id: string | null): void {
		leaveLostClock();
		entryId.value = id;
		imei.value = entry.value?.devices.find(({ device }) => device)?.device?.imei ?? null;
		problem.value = null;
		tellMissingTracker();
	}

	function tellMissingTracker(): void {
		if (!entry.value || imei.value) return;
		const missing = missingTracker(rights.reader.value, organizationsOf(event.value), entry.value.devices);
		if (missing) problem.value = messages.noTracker[missing];
	}

	/** One tracker's lost clock is none of the next one's: what is asked for then is the event. */
	function leaveLostClock(): void {
		if (nameOf(window.value, lostClockWindows(event.value, zone.value)) !== null) window.value = null;
	}

	/** Any tracker: leaves the entry when it is not one of its own. */
	function chooseDevice(chosen: string): void {
		if (chosen !== imei.value) leaveLostClock();
		imei.value = chosen;
		problem.value = null;
		if (!entry.value?.devices.some(({ device }) => device?.imei === chosen)) entryId.value = null;
	}

	/** The day of the tracker's first fix in the event; the event's first day where it sent nothing. */
	async function suggestWindow(): Promise<void> {
		const whole = eventWindow(event.value, zone.value);
		if (window.value !== null || imei.value === null) return;

		const wanted = imei.value;
		const search = whole ?? { from: Date.now() - 86_400_000, to: Date.now() + 60_000 };
		const { data } = await readTrackPage(api, wanted, search, { limit: 1 }).catch(() => ({ data: [] }));
		const first = data[0] ? Date.parse(data[0].ts) : search.from;
		if (wanted === imei.value) window.value = dayWindow(toLocal(first, zone.value).slice(0, 10), zone.value);
	}

	return {
		events,
		entries,
		event,
		entry,
		imei,
		window,
		zone,
		ready,
		problem,
		start,
		chooseEvent,
		chooseEntry,
		chooseDevice,
		suggestWindow,
	};
}

/** In which of the user's organisations the event is; null where he may not see that. */
function organizationsOf(event: RallyEvent | null): string[] | null {
	if (event === null) return [];
	return event.organization === undefined ? null : [event.organization];
}

export type Filters = ReturnType<typeof useFilters>;
