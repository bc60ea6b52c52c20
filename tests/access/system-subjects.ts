import { newNumber, type Row, type Table } from './rows.js';
import { canary } from './side.js';
import type { Context, Subject } from './subject.js';
import { somebody, subjectOf } from './system-subject.js';

const eventOf = ({ situation, world }: Context) => (situation === 'own' ? world.own : world.foreign).draft.event;

const activity: Subject = {
	collection: 'directus_activity',
	target: ({ batch, ...context }) =>
		batch.add('directus_activity', {
			id: newNumber(),
			action: 'update',
			collection: 'events',
			item: eventOf({ batch, ...context }),
			user: somebody({ batch, ...context }),
			timestamp: '2026-06-07T08:00:00Z',
		}),
};

const revisions: Subject = {
	collection: 'directus_revisions',
	target: (context) =>
		context.batch.add('directus_revisions', {
			id: newNumber(),
			activity: Number(activity.target(context)),
			collection: 'events',
			item: eventOf(context),
			data: { name: canary() },
			delta: { name: canary() },
		}),
};

const versions = subjectOf({
	collection: 'directus_versions',
	row: (context) => ({ key: canary(), name: canary(), collection: 'events', item: eventOf(context), hash: canary() }),
	data: (context) => ({ key: canary(), name: canary(), collection: 'events', item: eventOf(context) }),
	mark: 'key',
	update: () => ({ name: canary() }),
});

const presets = subjectOf({
	collection: 'directus_presets',
	row: (context) => ({ id: newNumber(), user: somebody(context), collection: 'events', bookmark: canary() }),
	data: (context) => ({ user: somebody(context), collection: 'events', bookmark: canary() }),
	mark: 'bookmark',
	update: () => ({ icon: canary() }),
});

/** A bookmark of all: what is created is one for everybody too. */
const presetsOfAll = subjectOf({
	collection: 'directus_presets',
	row: () => ({ id: newNumber(), user: null, role: null, collection: 'events', bookmark: canary() }),
	data: () => ({ user: null, role: null, collection: 'events', bookmark: canary() }),
	mark: 'bookmark',
	update: () => ({ icon: canary() }),
});

const notifications = subjectOf({
	collection: 'directus_notifications',
	row: (context) => ({ id: newNumber(), recipient: somebody(context), subject: canary() }),
	data: (context) => ({ recipient: somebody(context), subject: canary() }),
	mark: 'subject',
	update: () => ({ status: 'archived' }),
});

const comments = subjectOf({
	collection: 'directus_comments',
	row: (context) => ({
		collection: 'events',
		item: eventOf(context),
		comment: canary(),
		user_created: somebody(context),
	}),
	data: (context) => ({ collection: 'events', item: eventOf(context), comment: canary() }),
	mark: 'comment',
	update: () => ({ comment: canary() }),
});

const simple = (collection: Table, row: (context: Context) => Row, mark: string, update: () => Row) =>
	subjectOf({ collection, row, mark, update });

const dashboardRow = () => ({ name: canary(), icon: 'dashboard' });
const flowRow = () => ({ name: canary(), status: 'inactive', trigger: 'manual', accountability: 'all' });

export const systemSubjects: Record<string, Subject> = {
	directus_activity: activity,
	directus_revisions: revisions,
	directus_versions: versions,
	directus_presets: presets,
	'directus_presets[everybody]': presetsOfAll,
	directus_notifications: notifications,
	directus_comments: comments,
	directus_files: simple(
		'directus_files',
		() => ({
			storage: 'local',
			filename_download: canary(),
			filename_disk: canary(),
			title: canary(),
			type: 'text/plain',
		}),
		'filename_download',
		() => ({ title: canary() }),
	),
	directus_folders: simple(
		'directus_folders',
		() => ({ name: canary() }),
		'name',
		() => ({ name: canary() }),
	),
	directus_shares: simple(
		'directus_shares',
		(context) => ({ name: canary(), collection: 'events', item: eventOf(context), role: null }),
		'name',
		() => ({ name: canary() }),
	),
	directus_flows: simple('directus_flows', flowRow, 'name', () => ({ description: canary() })),
	directus_operations: simple(
		'directus_operations',
		(context) => ({
			flow: context.batch.add('directus_flows', flowRow()),
			name: canary(),
			key: canary(),
			type: 'log',
			position_x: 1,
			position_y: 1,
		}),
		'name',
		() => ({ name: canary() }),
	),
	directus_dashboards: simple('directus_dashboards', dashboardRow, 'name', () => ({ note: canary() })),
	directus_panels: simple(
		'directus_panels',
		(context) => ({
			dashboard: context.batch.add('directus_dashboards', dashboardRow()),
			name: canary(),
			type: 'label',
			width: 4,
			height: 4,
			show_header: true,
			position_x: 1,
			position_y: 1,
		}),
		'name',
		() => ({ note: canary() }),
	),
	directus_translations: simple(
		'directus_translations',
		() => ({ key: canary(), language: 'en-US', value: canary() }),
		'key',
		() => ({ value: canary() }),
	),
};
