import { z } from 'zod';
import { problemsOf } from '../../../shared/zod-problems.js';

const settingsFile = z.strictObject({
	settings: z.record(z.string(), z.unknown()).default({}),
	presets: z.array(z.looseObject({ collection: z.string() })).default([]),
});

/** `snapshots/settings.yaml`: project settings, and the layouts that a collection opens with. */
export type SettingsFile = z.infer<typeof settingsFile>;

/** @throws Error naming the file and the places in it. */
export function parseSettings(path: string, content: unknown): SettingsFile {
	const declared = settingsFile.safeParse(content);
	if (declared.success) return declared.data;

	const problems = problemsOf(declared.error).map((problem) => `${problem.path}: ${problem.message}`);
	throw new Error(`${path} is not of the expected form: ${problems.join('; ')}`);
}
