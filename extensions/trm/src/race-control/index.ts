import { defineModule } from '@directus/extensions-sdk';
import RaceControl from './race-control.vue';

export default defineModule({
	id: 'race-control',
	name: 'Race Control',
	icon: 'radar',
	routes: [{ path: '', component: RaceControl }],
});
