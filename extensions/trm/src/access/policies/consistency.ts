import { placeOf, type AccessFile } from './form.js';

/**
 * What is wrong with the file in itself, whatever the database: duplicates, links to what it does not declare, circles.
 * @returns one problem a line with its place; none when there is none.
 */
export function consistencyProblems({ roles, policies, public: everybody }: AccessFile): string[] {
	const rolePlaces = roles.map((role, index) => placeOf('roles', index, role.name));
	const policyPlaces = policies.map((policy, index) => placeOf('policies', index, policy.name));
	const declaredPolicies = new Set(policies.map(({ id }) => id));
	const parents = new Map(roles.map(({ id, parent }) => [id, parent]));

	const links = [
		...roles.map((role, index) => ({ place: `${rolePlaces[index]}.policies`, ids: role.policies })),
		{ place: 'public', ids: everybody },
	];

	return [
		...duplicates([...roles, ...policies], [...rolePlaces, ...policyPlaces], 'id'),
		...duplicates(roles, rolePlaces, 'name'),
		...duplicates(policies, policyPlaces, 'name'),
		...links.flatMap(({ place, ids }) =>
			ids.flatMap((id, index) => [
				...(declaredPolicies.has(id) ? [] : [`${place}[${index}]: no policy ${id} is declared in this file`]),
				...(ids.indexOf(id) < index ? [`${place}[${index}]: the policy ${id} stands there twice`] : []),
			]),
		),
		...roles.flatMap(({ id, parent }, index) => {
			if (parent === null) return [];
			if (!parents.has(parent)) return [`${rolePlaces[index]}.parent: no role ${parent} is declared in this file`];
			return descendsFromItself(id, parents) ? [`${rolePlaces[index]}.parent: this role is its own ancestor`] : [];
		}),
		...policies.flatMap(({ admin_access, permissions }, index) =>
			admin_access && Object.keys(permissions).length > 0
				? [
						`${policyPlaces[index]}.permissions: a policy with admin_access may do all; permissions would have no effect`,
					]
				: [],
		),
	];
}

function duplicates<Thing extends { id: string; name: string }>(
	things: Thing[],
	places: string[],
	property: 'id' | 'name',
): string[] {
	const first = new Map<string, string>();

	return things.flatMap((thing, index) => {
		const value = thing[property];
		const earlier = first.get(value);
		const place = places[index] as string;

		if (earlier === undefined) {
			first.set(value, place);
			return [];
		}

		return [`${place}.${property}: ${JSON.stringify(value)} is that of ${earlier} too`];
	});
}

function descendsFromItself(id: string, parents: Map<string, string | null>): boolean {
	const seen = new Set<string>();

	for (
		let parent = parents.get(id) ?? null;
		parent !== null && !seen.has(parent);
		parent = parents.get(parent) ?? null
	) {
		if (parent === id) return true;
		seen.add(parent);
	}

	return false;
}
