import { z } from 'zod';
import { problemsOf } from '../../lib/zod-problems.js';

const preset = z.looseObject({
	collection: z.string(),
	/** the name of a role in access.yaml, or a role's id */
	role: z.string().nullable().default(null),
	bookmark: z.string().min(1).max(255).nullable().default(null),
});

const basemap = z.strictObject({
	name: z.string().min(1),
	type: z.enum(['raster', 'tile', 'style']),
	url: z.string().min(1),
	/** pixels, of raster tiles */
	tileSize: z.number().int().positive().nullable().optional(),
	attribution: z.string().nullable().optional(),
});

const settingsFile = z.strictObject({
	settings: z.looseObject({ basemaps: z.array(basemap).nullable().optional() }).default({}),
	presets: z.array(preset).default([]),
});

export type Preset = z.infer<typeof preset>;

/** `snapshots/settings.yaml`: project settings, the layouts that a collection opens with, and bookmarks. */
export interface SettingsFile {
	settings: Record<string, unknown>;
	presets: Preset[];
}

/** @throws Error naming the file and the places in it. */
export function parseSettings(path: string, content: unknown): SettingsFile {
	const declared = settingsFile.safeParse(content);
	if (declared.success) return declared.data;

	const problems = problemsOf(declared.error).map((problem) => `${problem.path}: ${problem.message}`);
	throw new Error(`${path} is not of the expected form: ${problems.join('; ')}`);
}
