import { describe, expect, it } from 'vitest';
import { settingsDriftOf } from './drift.js';

describe('settingsDriftOf', () => {
	it('looks at what is declared only, and into it', () => {
		const declared = { project_name: 'TRM', module_bar: [{ id: 'content', enabled: true }], default_language: 'en-US' };
		const live = { id: 1, project_name: 'Other', module_bar: [{ enabled: true, id: 'content' }], project_url: 'x' };

		expect(settingsDriftOf(declared, live)).toEqual([
			{ name: 'settings.project_name', state: 'different', database: 'Other', snapshot: 'TRM' },
			{ name: 'settings.default_language', state: 'different', database: null, snapshot: 'en-US' },
		]);
	});
});
