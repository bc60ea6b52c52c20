/** What is asked of a collection's list, as the admin UI asks it. */
export type Kind = 'page' | 'count' | 'sorted' | 'search';

/** The name of a related row by which each list is sorted. */
const RELATED_NAME: Record<string, string> = {
	organizations: 'name',
	organization_users: 'organization.name',
	vehicles: 'organization.name',
	organization_vehicles: 'vehicle.make',
	devices: 'organization.name',
	organization_devices: 'device.imei',
	events: 'organization.name',
	classes: 'event.name',
	entries: 'vehicle.make',
	entry_crew: 'entry.team',
	entry_devices: 'device.imei',
	position_flags: 'device.imei',
};

export const COLLECTIONS = Object.keys(RELATED_NAME);

/** @returns paths of the API. */
export function questionsOf(collection: string): Record<Kind, string> {
	const items = `/items/${collection}`;
	return {
		page: `${items}?limit=25`,
		count: `${items}?aggregate[countDistinct]=id`,
		sorted: `${items}?limit=25&sort=${RELATED_NAME[collection]}`,
		search: `${items}?limit=25&search=7`,
	};
}
