export interface ClosedOperation {
	/** the first parts of its path, in small letters; with underscores between them its first name in GraphQL */
	route: string[];
	/** what the caller is told */
	reason: string;
}

/** What is closed for a reason that the caller is told. What is open says open-operations.ts; all else is closed too. */
export const CLOSED_OPERATIONS: readonly ClosedOperation[] = [
	{
		// Asks whether the caller may change the field of some row, then renumbers all rows of the table.
		route: ['utils', 'sort'],
		reason: 'Sorting moves the rows of all organisations: set the field "sort" of your own instead.',
	},
	{
		// Open to everybody; a hash names the memory and time that its check takes: one request, gigabytes.
		route: ['utils', 'hash'],
		reason: 'Only administrators may have hashes made and checked.',
	},
	{
		// Runs unlimited after the answer, for a file that nobody but an administrator may make.
		route: ['utils', 'export'],
		reason: 'Only administrators may export to a file: add export=csv to a request that reads instead.',
	},
	{
		// Holds a transaction while the body comes in, up to IMPORT_TIMEOUT, and works on after the answer.
		route: ['utils', 'import'],
		reason: 'Only administrators may import a file: send its rows as items instead.',
	},
	{
		// Reads a file of any size into memory before it asks who the caller is.
		route: ['schema'],
		reason: 'Only administrators may read and change the data model.',
	},
	{
		// Tries the provider that the request names before it asks who the caller is.
		route: ['deployments'],
		reason: 'Only administrators may deploy.',
	},
];
