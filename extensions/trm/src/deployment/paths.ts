import { accessSync, constants, lstatSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Runtime } from '../lib/command.js';
import { parseEnvironment } from '../lib/environment.js';
import { EXIT, Stop } from '../lib/exit-status.js';

/** What `trm schema` and `trm config` work from. Every path is absolute. */
export interface Snapshots {
	snapshotPath: string;
	accessPath: string;
	settingsPath: string;
}

/** What the command line says about the files; it counts more than the environment. */
export interface PathFlags {
	snapshot?: string;
	access?: string;
	settings?: string;
}

const filesIn = (root: string) =>
	z.object({
		SNAPSHOT_PATH: z.string().min(1).default(join(root, 'snapshots/schema.yaml')),
		ACCESS_PATH: z.string().min(1).default(join(root, 'snapshots/access.yaml')),
		SETTINGS_PATH: z.string().min(1).default(join(root, 'snapshots/settings.yaml')),
	});

export function withAccessPaths(command: Command): Command {
	return command
		.option('--access <path>', 'default: ACCESS_PATH')
		.option('--settings <path>', 'default: SETTINGS_PATH');
}

export function withPaths(command: Command): Command {
	return withAccessPaths(command.option('--snapshot <path>', 'default: SNAPSHOT_PATH'));
}

/** @throws Stop for a file that is there and cannot be read: absent means "nothing is declared", and it must not look like that. */
export function pathsOf({ env, root, directory }: Runtime, { snapshot, access, settings }: PathFlags): Snapshots {
	const given = parseEnvironment(filesIn(root), {
		...env,
		...(snapshot === undefined ? {} : { SNAPSHOT_PATH: snapshot }),
		...(access === undefined ? {} : { ACCESS_PATH: access }),
		...(settings === undefined ? {} : { SETTINGS_PATH: settings }),
	});

	const problems = Object.entries(given).flatMap(([name, path]) => refuse(name, resolve(directory, path)));
	if (problems.length > 0) throw new Stop(EXIT.configuration, ...problems);

	return {
		snapshotPath: resolve(directory, given.SNAPSHOT_PATH),
		accessPath: resolve(directory, given.ACCESS_PATH),
		settingsPath: resolve(directory, given.SETTINGS_PATH),
	};
}

function refuse(name: string, path: string): string[] {
	try {
		if (statSync(path).isFile()) {
			accessSync(path, constants.R_OK);
			return [];
		}
	} catch (error) {
		// A link to nowhere is no absent file.
		if ((error as NodeJS.ErrnoException).code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false }) === undefined)
			return [];
	}

	const user = process.getuid?.() ?? 'of this process';
	return [`${path} is not a file that user ${user} can read; remedy: check ${name}, the mount, the owner and the mode`];
}

/** Whether a file declares anything at all. */
export function hasContent(path: string): boolean {
	try {
		return readFileSync(path, 'utf8').trim() !== '';
	} catch {
		return false;
	}
}

const deletions = z.object({
	/** Data is lost with a collection or field: deleting one must be asked for. */
	SCHEMA_APPLY_ALLOW_DELETE: z.stringbool().default(false),
	/** A deleted role or policy takes rights from its users: deleting one must be asked for. */
	ACCESS_ALLOW_DELETE: z.stringbool().default(false),
});

export interface Deletions {
	/** collections, fields, and values that a shorter column cuts */
	schema: boolean;
	/** roles and policies */
	access: boolean;
}

/** @throws Stop naming the variable. */
export function allowedDeletions(env: Runtime['env']): Deletions {
	const { SCHEMA_APPLY_ALLOW_DELETE: schema, ACCESS_ALLOW_DELETE: access } = parseEnvironment(deletions, env);
	return { schema, access };
}
