import type { Credentials } from './credentials.js';
import type { SeededUsers } from './users.js';

const SET_ONE = 'set a password in the admin UI, or with: node cli.js users passwd --email … --password …';

/** What the person who loaded a seed has to know about its users; never a password. */
export function userLines({ created, kept }: SeededUsers, credentials: Credentials | null): string[] {
	const lines: string[] = [];

	if (credentials === null) {
		if (created.length > 0) {
			lines.push(`${created.length} users created without password or token, so they cannot sign in: ${SET_ONE}`);
		}

		return lines;
	}

	const untold = kept.filter((email) => !credentials.has(email));
	if (created.length > 0)
		lines.push(`${created.length} users created; what they sign in with stands in ${credentials.path}`);

	if (untold.length > 0) {
		lines.push(
			`not in ${credentials.path}, since they were there before: ${untold.join(', ')}. To sign in as one, ${SET_ONE}`,
		);
	}

	return lines;
}
