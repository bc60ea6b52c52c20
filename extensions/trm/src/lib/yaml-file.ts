import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { messageOf } from './errors.js';

/** A configuration file's text and parsed content. */
export interface YamlFile {
	path: string;
	text: string;
	content: unknown;
}

/**
 * Reads a YAML file.
 * @returns null where the file is absent or holds only white space: both mean "nothing is declared".
 * @throws Error naming the file and what is wrong with it.
 */
export async function readYamlFile(path: string): Promise<YamlFile | null> {
	let text: string;

	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw new Error(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
	}

	if (text.trim() === '') return null;

	try {
		return { path, text, content: load(text) };
	} catch (error) {
		throw new Error(`${path} is not valid YAML: ${messageOf(error)}`, { cause: error });
	}
}
