/** What a violated constraint means to the person who typed; `type` is one of Directus's validation types. */
export interface ConstraintMeaning {
	field: string;
	type: string;
	/** the other side of the comparison, for types that have one */
	valid?: string;
	/** what the form shows beside the field, in place of Directus's general phrase for the type; the database's sentence unless said */
	validation_message?: string;
}

/** By name: the constraints of db-init that Directus has no error for, those that triggers keep included. */
export const CONSTRAINTS: Readonly<Record<string, ConstraintMeaning>> = {
	entry_devices_one_entry_per_device: {
		field: 'device',
		type: 'unique',
		validation_message:
			'The tracker serves another entry in that time: end that assignment first, or choose another time.',
	},
	entry_devices_assigned_to_after_from: {
		field: 'assigned_to',
		type: 'gt',
		valid: 'assigned_from',
		validation_message: 'The assignment ends before it begins: assigned_to must be after assigned_from, or empty.',
	},
	events_end_date_not_before_start_date: {
		field: 'end_date',
		type: 'gte',
		valid: 'start_date',
		validation_message: 'The event ends before it begins: end_date must not be before start_date.',
	},
	position_flags_to_after_from: {
		field: 'to',
		type: 'gt',
		valid: 'from',
		validation_message: 'The window ends before it begins: to must be after from.',
	},
	...neverEmpty('organization', [
		'classes',
		'devices',
		'entries',
		'entry_crew',
		'entry_devices',
		'position_flags',
		'vehicles',
	]),
	...neverEmpty('lender', ['organization_devices', 'organization_vehicles']),
	organization_devices_lent_to_another: {
		field: 'organization',
		type: 'neq',
		valid: 'lender',
		validation_message: 'The tracker belongs to this organisation: lend it to another one.',
	},
	organization_vehicles_lent_to_another: {
		field: 'organization',
		type: 'neq',
		valid: 'lender',
		validation_message: 'The vehicle belongs to this organisation: lend it to another one.',
	},
	classes_parent_is_another: {
		field: 'parent',
		type: 'neq',
		validation_message: 'A class cannot be its own parent.',
	},
	classes_parent_is_no_descendant: {
		field: 'parent',
		type: 'neq',
	},
	// Names both kinds.
	entries_vehicle_fits_class: { field: 'vehicle', type: 'regex' },
	events_start_date_years_1970_to_2100: {
		field: 'start_date',
		type: 'regex',
		validation_message: 'The first day of the event (start_date) lies outside the years 1970 to 2100: correct it.',
	},
	events_end_date_years_1970_to_2100: {
		field: 'end_date',
		type: 'regex',
		validation_message: 'The last day of the event (end_date) lies outside the years 1970 to 2100: correct it.',
	},
	entry_devices_assigned_from_years_1970_to_2100: {
		field: 'assigned_from',
		type: 'regex',
		validation_message:
			'The beginning of the assignment (assigned_from) lies outside the years 1970 to 2100: correct it.',
	},
	entry_devices_assigned_to_years_1970_to_2100: {
		field: 'assigned_to',
		type: 'regex',
		validation_message:
			'The end of the assignment (assigned_to) lies outside the years 1970 to 2100: correct it, or leave it empty.',
	},
	position_flags_window_years_1970_to_2100: {
		field: 'to',
		type: 'regex',
		validation_message: 'The window lies outside the years 1970 to 2100, in which every fix does.',
	},
};

/** The CHECKs of db-init/after-schema/005_tenancy.sql, which stand in for NOT NULL. */
function neverEmpty(field: string, tables: string[]): Record<string, ConstraintMeaning> {
	const meaning = { field, type: 'nnull', validation_message: `Whose it is has to be said: fill in ${field}.` };
	return Object.fromEntries(tables.map((table) => [`${table}_${field}_not_null`, meaning]));
}
