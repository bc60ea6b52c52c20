import { z } from 'zod';
import { problemsOf } from '../../lib/zod-problems.js';

/** In the order in which they are written. */
export const ACTIONS = ['create', 'read', 'update', 'delete', 'share'] as const;
export type Action = (typeof ACTIONS)[number];

/** A filter, a validation or presets: a mapping whose content the live schema judges. */
const mapping = z.record(z.string(), z.unknown()).nullable().default(null);

// Postgres compares and returns them in lower case.
const id = z.string().refine((text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text), {
	error: (issue) => `${JSON.stringify(issue.input)} is not a UUID in lower case`,
});

const name = z.string().trim().min(1).max(100);
const icon = (usual: string) => z.string().min(1).max(64).default(usual);
const description = z.string().nullable().default(null);

const permission = z.strictObject({
	fields: z.array(z.string()).nullable().default(null),
	filter: mapping,
	validation: mapping,
	presets: mapping,
});

const actions = z.strictObject({
	create: permission.optional(),
	read: permission.optional(),
	update: permission.optional(),
	delete: permission.optional(),
	share: permission.optional(),
});

const role = z.strictObject({
	id,
	name,
	icon: icon('supervised_user_circle'),
	description,
	parent: id.nullable().default(null),
	policies: z.array(id).default([]),
});

const policy = z.strictObject({
	id,
	name,
	icon: icon('badge'),
	description,
	app_access: z.boolean().default(false),
	admin_access: z.boolean().default(false),
	enforce_tfa: z.boolean().default(false),
	ip_access: z.array(z.string()).nullable().default(null),
	permissions: z.record(z.string(), actions).default({}),
});

const accessFile = z.strictObject({
	roles: z.array(role).default([]),
	public: z.array(id).default([]),
	policies: z.array(policy).default([]),
});

export type DeclaredPermission = z.infer<typeof permission>;
export type DeclaredRole = z.infer<typeof role>;
export type DeclaredPolicy = z.infer<typeof policy>;

/** `snapshots/access.yaml`: roles, policies with their permissions, and which role has which policy. */
export type AccessFile = z.infer<typeof accessFile>;

/** @throws Error naming the file and every place in it that is not of the form. */
export function parseAccess(path: string, content: unknown): AccessFile {
	const parsed = accessFile.safeParse(content);
	if (parsed.success) return parsed.data;

	const problems = problemsOf(parsed.error).map((problem) => `${withName(problem.path, content)}: ${problem.message}`);
	throw new Error(`${path} is not of the expected form: ${problems.join('; ')}`);
}

/** `policies[3] "Operator"`: a number alone makes the reader count. */
export function placeOf(list: 'roles' | 'policies', index: number, named: string): string {
	return `${list}[${index}] ${JSON.stringify(named)}`;
}

function withName(path: string, content: unknown): string {
	const [, list, index, rest] = /^(roles|policies)\[(\d+)\](.*)$/s.exec(path) ?? [];
	if (list === undefined) return path;

	const found = (content as Record<string, { name?: unknown }[]>)[list]?.[Number(index)]?.name;
	return typeof found === 'string' ? placeOf(list as 'roles', Number(index), found) + rest : path;
}
