import { defineInterface } from '@directus/extensions-sdk';
import OwnOrganizations from './own-organizations.vue';

export default defineInterface({
	id: 'own-organizations',
	name: 'Own organizations',
	icon: 'corporate_fare',
	description: 'Organizations in which the user has one of the roles; the only one is chosen already',
	component: OwnOrganizations,
	types: ['alias'],
	localTypes: ['m2m'],
	group: 'relational',
	relational: true,
	options: [],
});
