/** The columns of the tables, in their order. */
export const ROLES = [
	'administrator',
	'owner',
	'race_director',
	'timekeeper',
	'operator',
	'marshal',
	'viewer',
	'competitor',
	'processor',
	'metrics',
	'public',
] as const;

export type Role = (typeof ROLES)[number];

/** Those who are members of an organisation: what they may do follows from organization_users. */
export const MEMBERS = ['owner', 'race_director', 'timekeeper', 'operator', 'marshal', 'viewer'] as const;

/** The Directus role that a user of the column has, by name; a viewer has no label of his own. */
export const DIRECTUS_ROLE: Record<Exclude<Role, 'administrator' | 'public'>, string> = {
	owner: 'Organisation owner',
	race_director: 'Race director',
	timekeeper: 'Timekeeper',
	operator: 'Operator',
	marshal: 'Marshal',
	viewer: 'Staff',
	competitor: 'Competitor',
	processor: 'Processor',
	metrics: 'Metrics',
};

export type Situation = 'own' | 'foreign_draft' | 'foreign_public' | 'foreign';
