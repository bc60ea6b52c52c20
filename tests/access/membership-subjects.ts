import { membershipOf, sideOf } from './catalogue-subjects.js';
import { canary, newSlug } from './side.js';
import type { Context, Subject } from './subject.js';
import { userRow } from './world.js';

/** A colleague by the sister organisation, so that whoever adds him can see him. */
function addColleague({ world, batch }: Context): string {
	const user = batch.add('directus_users', userRow(world.roles['Staff'] as string));
	batch.add('organization_users', { organization: world.sister, user, role: 'viewer' });
	return user;
}

/** Where the situation is foreign: what is published makes no difference to who is in it. */
const organizationOf = (context: Context) =>
	context.situation === 'foreign_draft' ? context.world.quiet : sideOf(context).organization;

function addMembership(context: Context, role: string): string {
	return context.batch.add('organization_users', {
		organization: organizationOf(context),
		user: addColleague(context),
		role,
	});
}

/** Memberships that give `role`: made, turned into another and out of another, ended. */
function membershipsOf(role: string): Subject {
	const other = role === 'viewer' ? 'marshal' : 'viewer';

	return {
		collection: 'organization_users',
		target: ({ world, situation }) =>
			world.memberships[situation === 'own' ? 'colleague' : situation === 'foreign_draft' ? 'stranger' : 'foreigner'],
		nested: (context) => ({
			collection: 'organizations',
			id: organizationOf(context),
			path: ['users', 'id'],
		}),
		creations: (context) => {
			const user = addColleague(context);
			const organization = organizationOf(context);
			return [{ data: { organization, user, role }, mark: { organization, user } }];
		},
		updates: (context) => [
			{ id: addMembership(context, role), data: { role: other } },
			{ id: addMembership(context, other), data: { role } },
		],
		deletions: (context) => [addMembership(context, role)],
	};
}

/** A membership of the person in an organisation of its own, where nothing but that connects the two. */
function addOwnMembership({ batch, role, person }: Context): { id: string; organization: string } {
	const organization = batch.add('organizations', { name: canary(), slug: newSlug() });
	return {
		organization,
		id: batch.add('organization_users', { organization, user: person, role: membershipOf(role) }),
	};
}

const oneself: Subject = {
	collection: 'organization_users',
	target: (context) => addOwnMembership(context).id,
	creations: (context) => {
		const organization = context.batch.add('organizations', { name: canary(), slug: newSlug() });
		const user = context.person;
		return [{ data: { organization, user, role: membershipOf(context.role) }, mark: { organization, user } }];
	},
	updates: (context) => [
		{ id: addOwnMembership(context).id, data: { role: context.role === 'owner' ? 'viewer' : 'owner' } },
	],
	deletions: (context) => [addOwnMembership(context).id],
};

const roles = ['owner', 'race_director', 'timekeeper', 'operator', 'marshal', 'viewer'];

export const membershipSubjects: Record<string, Subject> = {
	...Object.fromEntries(roles.map((role) => [`organization_users[${role}]`, membershipsOf(role)])),
	'organization_users[oneself]': oneself,
};
