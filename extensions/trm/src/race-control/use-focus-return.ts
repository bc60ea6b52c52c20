import { watch } from 'vue';

/** Milliseconds after which Directus's dialog or menu has let the focus go. */
const LET_GO_MS = 50;

/** Where Directus puts dialogs and menus; what has the focus there while they close is about to go. */
const OUTLETS = '#dialog-outlet, #menu-outlet';

/**
 * Gives the focus back to where it was before a dialog or menu opened, unless it went elsewhere meanwhile. Directus's own do so
 * only where they have no field that takes the focus first, and not to a button that has been disabled meanwhile.
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
		const active = document.activeElement;
		const isElsewhere = active !== null && active !== document.body && active.closest(OUTLETS) === null;
		if (isOpen() || isElsewhere) return;
		if (before instanceof HTMLElement && before.isConnected && !before.matches(':disabled, body')) before.focus();
		else fallback();
	}
}
