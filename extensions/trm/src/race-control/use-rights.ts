import { computed, shallowRef } from 'vue';
import type { Api } from './api.js';
import { readMemberships, readOrganizationsOf } from './catalogue.js';
import { holds, type Membership } from './rights.js';

/** What the user may do with the tracker that is chosen, to say beforehand what the server would refuse. */
export function useRights(api: Api, isAdmin: boolean) {
	const memberships = shallowRef<readonly Membership[] | null>(null);
	const organizations = shallowRef<readonly string[] | null>(null);
	const reader = computed(() => ({ isAdmin, memberships: memberships.value }));
	let asked = 0;

	/** Not known is no answer to stop at: the server decides then. */
	async function readOwn(): Promise<void> {
		if (isAdmin) return;
		memberships.value = await readMemberships(api).catch(() => null);
	}

	/** Memberships anew as well: they may have changed since the page was opened. */
	async function look(imei: string): Promise<void> {
		if (isAdmin) return;
		const own = ++asked;
		organizations.value = null;
		const [found] = await Promise.all([readOrganizationsOf(api, imei).catch(() => null), readOwn()]);
		if (own === asked) organizations.value = found;
	}

	return {
		reader,
		seesTracker: computed(() => holds('seesTrackers', reader.value, organizations.value)),
		mayFlag: computed(() => holds('flags', reader.value, organizations.value)),
		readOwn,
		look,
	};
}

export type Rights = ReturnType<typeof useRights>;
