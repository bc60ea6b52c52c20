/** What a room needs of a database session to ask and to write. */
export interface Sql {
	/** One statement. @throws pg.DatabaseError (`code` is the SQLSTATE), SessionLost */
	rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
	/** Several statements without values, as one round trip. @throws as rows */
	run(text: string): Promise<void>;
}
