import { watch } from 'vue';

/** Milliseconds after which Directus's dialog has let the focus go. */
const LET_GO_MS = 50;

/**
 * Gives the focus back to where it was before a dialog opened. Directus's own dialog does so only where it has no field
 * that takes the focus first, and not to a button that has been disabled meanwhile.
 * @param fallback takes the focus where the former place no longer can
 */
export function useFocusReturn(isOpen: () => boolean, fallback: () => void): void {
	let before: Element | null = null;

	watch(
		isOpen,
		(opens) => {
			if (opens) before = document.activeElement;
			else setTimeout(giveBack, LET_GO_MS);
		},
		{ flush: 'sync' },
	);

	function giveBack(): void {
		if (isOpen()) return;
		if (before instanceof HTMLElement && before.isConnected && !before.matches(':disabled, body')) before.focus();
		else fallback();
	}
}
