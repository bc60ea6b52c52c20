import { dump } from 'js-yaml';
import { ACTIONS, type AccessFile, type DeclaredPermission, type DeclaredPolicy } from './form.js';

/** From here on everything stands on one line: of a permission its fields, and its filter. */
const FLOW_LEVEL = 6;

/**
 * The file in the one form that is written: keys in a fixed order, fields and filter of a permission on one line
 * each, and beside the id of a role or policy its name. Lists, collections and what is in a filter keep their order.
 * @param comment what stands before the first line that declares something, kept as it is.
 */
export function writeAccess(file: AccessFile, comment: string): string {
	const ordered = {
		roles: file.roles.map(({ id, name, icon, description, parent, policies }) => {
			return { id, name, icon, description, parent, policies };
		}),
		public: file.public,
		policies: file.policies.map(inOrder),
	};

	const names = new Map([...file.roles, ...file.policies].map(({ id, name }) => [id, name]));
	const text = dump(ordered, { flowLevel: FLOW_LEVEL, lineWidth: -1, noRefs: true });
	return (
		comment +
		text
			.split('\n')
			.map((line) => withName(line, names))
			.join('\n')
	);
}

/** What stands in a file before the first line that declares something. */
export function leadingComment(text: string): string {
	return /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*/.exec(text)?.[0].replaceAll('\r', '') ?? '';
}

function inOrder(policy: DeclaredPolicy) {
	const { id, name, icon, description, app_access, admin_access, enforce_tfa, ip_access, permissions } = policy;

	const written = Object.entries(permissions).map(([collection, actions]) => {
		const present = ACTIONS.flatMap((action) => {
			const permission = actions[action];
			return permission === undefined ? [] : [[action, contentOf(permission)]];
		});

		return [collection, Object.fromEntries(present)];
	});

	return {
		...{ id, name, icon, description, app_access, admin_access, enforce_tfa },
		...(ip_access === null ? {} : { ip_access }),
		permissions: Object.fromEntries(written),
	};
}

function contentOf({ fields, filter, validation, presets }: DeclaredPermission) {
	return {
		...(fields === null ? {} : { fields }),
		filter,
		...(validation === null ? {} : { validation }),
		...(presets === null ? {} : { presets }),
	};
}

/** Of a line that refers to a role or policy; the line that declares it has its name below. */
function withName(line: string, names: Map<string, string>): string {
	const id = /^ *(?:- |parent: )'?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})'?$/.exec(line)?.[1];
	const name = id === undefined ? undefined : names.get(id);
	return name === undefined ? line : `${line} # ${name}`;
}
