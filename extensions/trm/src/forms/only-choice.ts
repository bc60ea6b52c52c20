/** @returns the organisation of the only membership; null where there is none, or where the user has a choice. */
export function onlyChoice(memberships: { organization: string }[]): string | null {
	const [first, ...others] = memberships;
	return first && others.length === 0 ? first.organization : null;
}
