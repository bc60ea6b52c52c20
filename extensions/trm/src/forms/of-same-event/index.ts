import { defineInterface } from '@directus/extensions-sdk';
import OfSameEvent from './of-same-event.vue';

export default defineInterface({
	id: 'of-same-event',
	name: 'Of the same event',
	icon: 'flag',
	description: 'A choice within the event of the item, also where the form was opened from that event',
	component: OfSameEvent,
	types: ['uuid'],
	localTypes: ['m2o'],
	group: 'relational',
	relational: true,
	options: [],
});
