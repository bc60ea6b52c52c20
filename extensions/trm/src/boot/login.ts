/** Where Postgres is and as whom to go there. */
export interface Login {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	/** The variables that user and password come from, for messages: `DB_USER and DB_PASSWORD`. */
	variables: string;
}

/** As messages name it. */
export const addressOf = ({ host, port, database }: Login): string => `${host}:${port}/${database}`;
