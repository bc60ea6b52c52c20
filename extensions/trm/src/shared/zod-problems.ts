import type { z } from 'zod';
import type { RequestProblem } from './errors.js';

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
