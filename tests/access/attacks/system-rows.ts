import { newNumber, type Batch } from '../rows.js';
import { canary } from '../side.js';
import type { World } from '../world.js';

/** Rows of Directus's own collections that belong to others: to the administrator, or to the foreign organisation's owner. */
export interface SystemRows {
	folder: string;
	file: string;
	dashboard: string;
	panel: string;
	flow: string;
	webhook: string;
	operation: string;
	activity: string;
	revision: string;
	version: string;
	comment: string;
	notification: string;
	preset: string;
	/** the operator's own */
	ownPreset: string;
	/** a share of the own organisation's draft event, with the rights of the staff */
	share: string;
	/** a share of the foreign draft event */
	foreignShare: string;
	/** what is told nowhere else */
	secrets: string[];
}

export function addSystemRows(batch: Batch, world: World): SystemRows {
	const { foreigner, foreign, own } = world;
	const secrets: string[] = [];
	const secret = () => {
		const text = canary();
		secrets.push(text);
		return text;
	};
	const event = { collection: 'events', item: foreign.draft.event };

	const folder = batch.add('directus_folders', { name: secret() });
	const file = batch.add('directus_files', {
		storage: 'local',
		filename_disk: `${secret()}.txt`,
		filename_download: secret(),
		title: secret(),
		type: 'text/plain',
		folder,
	});
	const dashboard = batch.add('directus_dashboards', { name: secret(), icon: 'dashboard' });
	const panel = batch.add('directus_panels', {
		dashboard,
		name: secret(),
		type: 'label',
		width: 4,
		height: 4,
		position_x: 1,
		position_y: 1,
	});
	const flow = batch.add('directus_flows', {
		name: secret(),
		status: 'active',
		trigger: 'manual',
		accountability: 'all',
		options: { collections: ['events'] },
	});
	const webhook = batch.add('directus_flows', {
		name: secret(),
		status: 'inactive',
		trigger: 'webhook',
		accountability: 'all',
	});
	const operation = batch.add('directus_operations', {
		flow,
		name: secret(),
		key: secret(),
		type: 'log',
		position_x: 1,
		position_y: 1,
	});
	const activity = batch.add('directus_activity', {
		id: newNumber(),
		action: 'update',
		...event,
		user: foreigner,
		timestamp: '2026-06-07T08:00:00Z',
		user_agent: secret(),
	});
	const revision = batch.add('directus_revisions', {
		id: newNumber(),
		activity: Number(activity),
		...event,
		data: { name: secret() },
		delta: { name: secret() },
	});
	const version = batch.add('directus_versions', {
		key: 'draft',
		name: secret(),
		...event,
		hash: secret(),
		delta: { name: secret() },
	});
	const comment = batch.add('directus_comments', { ...event, comment: secret(), user_created: foreigner });
	const notification = batch.add('directus_notifications', {
		id: newNumber(),
		recipient: foreigner,
		subject: secret(),
		message: secret(),
		status: 'inbox',
	});
	const ownPreset = batch.add('directus_presets', {
		id: newNumber(),
		user: world.persons.operator,
		collection: 'events',
		bookmark: canary(),
	});
	const preset = batch.add('directus_presets', {
		id: newNumber(),
		user: foreigner,
		collection: 'events',
		bookmark: secret(),
	});
	const role = world.roles['Staff'] as string;
	const share = batch.add('directus_shares', {
		name: secret(),
		collection: 'events',
		item: own.draft.event,
		role,
		user_created: world.persons.administrator,
	});
	const foreignShare = batch.add('directus_shares', {
		name: secret(),
		...event,
		role,
		// of a password that nobody knows
		password: `$argon2id$v=19$m=1024,t=1,p=1$${'c2FsdA'.repeat(4).slice(0, 22)}$${'aGFzaA'.repeat(8).slice(0, 43)}`,
		user_created: foreigner,
	});

	return {
		folder,
		file,
		dashboard,
		panel,
		flow,
		webhook,
		operation,
		activity,
		revision,
		version,
		comment,
		notification,
		preset,
		ownPreset,
		share,
		foreignShare,
		secrets,
	};
}
