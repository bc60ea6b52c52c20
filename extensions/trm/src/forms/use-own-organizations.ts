import { useApi, useStores } from '@directus/extensions-sdk';
import { computed, shallowRef } from 'vue';
import { onlyChoice } from './only-choice.js';

/**
 * The organisations that the user may choose: where he is a member in one of the roles; all of them for an administrator.
 * @param roles of `organization_users.role`
 */
export function useOwnOrganizations(roles: readonly string[]) {
	const api = useApi();
	const { isAdmin } = useStores()['useUserStore']() as { isAdmin: boolean };
	const membership = { user: { _eq: '$CURRENT_USER' }, role: { _in: roles } };
	/** the only one, where there is only one to choose */
	const only = shallowRef<string | null>(null);

	async function look(): Promise<void> {
		if (isAdmin) return;
		const params = { fields: ['organization'], filter: JSON.stringify(membership), limit: 2 };
		const answer = api.get<{ data: { organization: string }[] }>('/items/organization_users', { params });
		// Without an answer nothing is preset, and the user chooses.
		only.value = onlyChoice((await answer.catch(() => null))?.data.data ?? []);
	}

	return { isAdmin, only, look, filter: computed(() => (isAdmin ? null : { users: { _some: membership } })) };
}
