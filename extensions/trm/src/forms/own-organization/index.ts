import { defineInterface } from '@directus/extensions-sdk';
import OwnOrganization from './own-organization.vue';

export default defineInterface({
	id: 'own-organization',
	name: 'Own organization',
	icon: 'corporate_fare',
	description: 'One of the organizations in which the user has one of the roles; the only one is chosen already',
	component: OwnOrganization,
	types: ['uuid'],
	localTypes: ['m2o'],
	group: 'relational',
	relational: true,
	options: [],
});
