import { useStores } from '@directus/extensions-sdk';
import { computed, ref, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { likelyEvent, readEntries, readEvents, type Api } from './catalogue.js';
import { toLocal, usableZone } from './event-time.js';
import { messages } from './messages.js';
import { isForbidden, messageOf } from './server-errors.js';
import { dayWindow, eventWindow } from './time-windows.js';
import type { Entry, RallyEvent, TimeWindow } from './types.js';
import { readLink, writeLink } from './link.js';
import { readTrackPage } from './use-track.js';

/** What the operator looks at: event, entry, tracker and window; kept in the address, so that a link shows the same. */
export function useFilters(api: Api) {
	const route = useRoute();
	const router = useRouter();
	const link = readLink(route.query);
	const { isAdmin } = useStores()['useUserStore']() as { isAdmin: boolean };

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
			events.value = await readEvents(api, isAdmin);
			if (events.value.length === 0) problem.value = messages.noEvents;
			if (!event.value && !imei.value) eventId.value = likelyEvent(events.value)?.id ?? null;
			await loadEntries();
		} catch (thrown) {
			problem.value = isForbidden(thrown) ? messages.eventsForbidden : messageOf(thrown);
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
			problem.value = isForbidden(thrown) ? messages.entriesForbidden : messageOf(thrown);
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
		entryId.value = id;
		imei.value = entry.value?.devices[0]?.device?.imei ?? null;
		problem.value = entry.value && !imei.value ? messages.noTracker : null;
	}

	/** Any tracker: leaves the entry when it is not one of its own. */
	function chooseDevice(chosen: string): void {
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

export type Filters = ReturnType<typeof useFilters>;
