import { defineInterface } from '@directus/extensions-sdk';
import TimeZone from './time-zone.vue';

export default defineInterface({
	id: 'time-zone',
	name: 'Time zone',
	icon: 'schedule',
	description: 'Any IANA time zone, found by typing',
	component: TimeZone,
	types: ['string'],
	options: null,
});
