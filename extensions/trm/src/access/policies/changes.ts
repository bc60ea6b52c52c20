/** What the file and the database can differ in. */
export type Kind = 'role' | 'policy' | 'permission' | 'link';

/** A value that one of the sides lacks is null. */
export interface PropertyDifference {
	path: string;
	database: unknown;
	snapshot: unknown;
}

export interface AccessDifference {
	kind: Kind;
	/** `role "Staff"`, `policy "Operator"`, `permission "Operator" devices.read`, `link "Staff" → "Operator"` */
	name: string;
	/** `missing`: only the file has it. `extra`: only the database has it. */
	state: 'missing' | 'extra' | 'different';
	/** Of a `different` thing. */
	properties: PropertyDifference[];
}

/** What to tell Directus's service of that kind. */
export type Write =
	| { op: 'create'; row: Record<string, unknown> }
	| { op: 'update'; id: string | number; patch: Record<string, unknown> }
	| { op: 'delete'; id: string | number };

export interface Change extends AccessDifference {
	write: Write;
}

export const creation = (kind: Kind, name: string, row: Record<string, unknown>): Change => {
	return { kind, name, state: 'missing', properties: [], write: { op: 'create', row } };
};

export const deletion = (kind: Kind, name: string, id: string | number): Change => {
	return { kind, name, state: 'extra', properties: [], write: { op: 'delete', id } };
};

/** @returns none where no property differs. */
export function update(
	kind: Kind,
	name: string,
	id: string | number,
	properties: (PropertyDifference & { column?: string })[],
): Change[] {
	if (properties.length === 0) return [];

	const patch = Object.fromEntries(properties.map(({ path, column = path, snapshot }) => [column, snapshot]));
	const told = properties.map(({ path, database, snapshot }) => ({ path, database, snapshot }));
	return [{ kind, name, state: 'different', properties: told, write: { op: 'update', id, patch } }];
}

/** A change as the log tells it, one line. */
export function lineOf({ name, state, properties }: AccessDifference): string {
	if (state === 'missing') return `create ${name}`;
	if (state === 'extra') return `delete ${name}`;

	const changes = properties.map(
		({ path, database, snapshot }) => `${path} ${JSON.stringify(database)} → ${JSON.stringify(snapshot)}`,
	);
	return `change ${name}: ${changes.join(', ')}`;
}
