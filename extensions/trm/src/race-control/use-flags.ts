import { shallowRef } from 'vue';
import type { Api } from './api.js';
import { explain, hasSession, isForbidden } from './server-errors.js';
import type { FlagCall, FlagItem, FlagOutcome } from './types.js';

const PAGE = 20;
const FIELDS = ['id', 'faulty', 'reason', 'from', 'to', 'ranges', 'matched', 'changed', 'date_created'];
const WITH_NAMES = ['user_created.first_name', 'user_created.last_name', 'user_created.email'];

export async function sendFlags(api: Api, call: FlagCall): Promise<FlagOutcome> {
	const { data } = await api.post<{ data: FlagOutcome }>('/positions/flag-faulty', call);
	return data.data;
}

/** The keys of one item of the history: up to 10,000, so they are read only when they are needed. */
export async function readFlagKeys(
	api: Api,
	id: string,
): Promise<{ keys: string[] | null; ranges: { from: string; to: string }[] | null }> {
	const { data } = await api.get(`/items/position_flags/${id}`, { params: { fields: ['keys', 'ranges'] } });
	return data.data;
}

/** The history of a tracker's flags, newest first, a page at a time. */
export function useFlags(api: Api) {
	const items = shallowRef<FlagItem[]>([]);
	const hasMore = shallowRef(false);
	const loading = shallowRef(false);
	const forbidden = shallowRef(false);
	const error = shallowRef<string | null>(null);
	let asked = 0;

	async function load(imei: string | null, more = false): Promise<void> {
		const own = ++asked;
		if (imei === null) {
			items.value = [];
			return;
		}

		loading.value = true;
		error.value = null;
		forbidden.value = false;

		try {
			const page = await readPage(api, imei, more ? items.value.length : 0);
			if (own !== asked) return;
			items.value = [...(more ? items.value : []), ...page.slice(0, PAGE)];
			hasMore.value = page.length > PAGE;
		} catch (thrown) {
			const isMissingRight = isForbidden(thrown) && (await hasSession(api));
			const problem = isMissingRight ? null : await explain(api, thrown);
			if (own !== asked) return;
			forbidden.value = isMissingRight;
			error.value = problem;
		} finally {
			if (own === asked) loading.value = false;
		}
	}

	return { items, hasMore, loading, forbidden, error, load };
}

async function readPage(api: Api, imei: string, offset: number): Promise<FlagItem[]> {
	const read = async (fields: string[]): Promise<FlagItem[]> => {
		const { data } = await api.get<{ data: FlagItem[] }>('/items/position_flags', {
			params: {
				fields,
				filter: JSON.stringify({ device: { imei: { _eq: imei } } }),
				sort: ['-date_created', '-id'],
				limit: PAGE + 1,
				offset,
			},
		});

		return data.data;
	};

	// A user who may not see other users still sees what was flagged.
	return read([...FIELDS, ...WITH_NAMES]).catch((error: unknown) => {
		if (isForbidden(error)) return read(FIELDS);
		throw error;
	});
}
