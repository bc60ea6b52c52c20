import { useStores } from '@directus/extensions-sdk';
import { onBeforeUnmount, shallowRef } from 'vue';

/** Milliseconds for which the outcome stays: three counts have to be read, for which Directus's three seconds are short. */
const SHOWN_MS = 10_000;

interface NotificationsStore {
	add: (notification: { title: string; type: 'success'; icon: string; persist: boolean; closeable: boolean }) => string;
	remove: (id: string) => void;
}

/**
 * What flagging has changed, where it is in sight wherever the page is scrolled to and moves nothing: as a notification
 * of Directus. That one is silent, so `spoken` is for a live region.
 */
export function useOutcome() {
	const store: NotificationsStore = useStores()['useNotificationsStore']();
	const spoken = shallowRef('');
	let shown: string | null = null;
	let timer: ReturnType<typeof setTimeout> | undefined;

	function say(text: string): void {
		clear();
		spoken.value = text;
		shown = store.add({ title: text, type: 'success', icon: 'check', persist: true, closeable: true });
		timer = setTimeout(clear, SHOWN_MS);
	}

	function clear(): void {
		clearTimeout(timer);
		if (shown !== null) store.remove(shown);
		shown = null;
		spoken.value = '';
	}

	onBeforeUnmount(clear);

	return { spoken, say, clear };
}
