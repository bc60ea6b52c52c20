/** A Directus role of a seeded user, and what he signs in with. */
export interface UserRole {
	/** As in snapshots/access.yaml, which makes the role. */
	id: string;
	secret: 'password' | 'token';
}

/** By the label that stands in directus_users.csv. Services have a static token and no password. */
export const USER_ROLES: Record<string, UserRole> = {
	owner: { id: 'b5c0a7d2-1e94-4c6f-8d23-9f7a6e3b1c42', secret: 'password' },
	race_director: { id: 'e2a94f6b-83d1-4b07-a5ce-4d10f9b87a36', secret: 'password' },
	timekeeper: { id: '0c7be1d5-5f2a-49c8-b316-8a2f4e9d6071', secret: 'password' },
	operator: { id: '93d8f5a1-2b6c-4e70-9f84-c15d7b0e3a28', secret: 'password' },
	marshal: { id: 'f71c3e98-a04d-4d52-8b6f-2e9c5a1d7b03', secret: 'password' },
	competitor: { id: '48e6b9c7-d215-4f3a-8c01-7b5f2d9e6a14', secret: 'password' },
	processor: { id: 'a9f04c2d-6e71-4b85-b3d9-1c8e7f5a2064', secret: 'token' },
	metrics: { id: '2f8d7b16-c49e-4a03-9e57-d06b3c1a8f95', secret: 'token' },
};
