import { defineModule } from '@directus/extensions-sdk';
import { messages } from './messages.js';
import RaceControl from './race-control.vue';

export default defineModule({
	id: 'race-control',
	name: messages.title,
	icon: 'radar',
	routes: [{ path: '', component: RaceControl }],
});
