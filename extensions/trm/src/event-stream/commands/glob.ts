/** @returns the pattern of SQL's LIKE that fits what the glob fits: `*` for any characters, `?` for one, all else as it stands. */
export function likeOfGlob(glob: string): string {
	return glob
		.replaceAll(/[\\%_]/g, '\\$&')
		.replaceAll('*', '%')
		.replaceAll('?', '_');
}
