import { config, type z } from 'zod';
import en from 'zod/v4/locales/en.js';
import type { RequestProblem } from './errors.js';

// zod sets its language as a side effect that the bundler leaves out; without it every problem reads "Invalid input".
config(en());

/** zod's issues as problems with a path as a JavaScript reader would write it: `positions[3].ts`. */
export function problemsOf(error: z.ZodError): RequestProblem[] {
	return error.issues.map((issue) => ({ path: writePath(issue.path), message: issue.message }));
}

function writePath(path: PropertyKey[]): string {
	return path.reduce<string>((written, step) => {
		if (typeof step === 'number') return `${written}[${step}]`;
		return written === '' ? String(step) : `${written}.${String(step)}`;
	}, '');
}
