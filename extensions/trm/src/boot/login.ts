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

/** The login of the server: DB_USER. */
export function serverLogin(env: Record<string, string | undefined>): Login {
	return {
		host: env['DB_HOST'] ?? '',
		port: Number(env['DB_PORT'] || 5432),
		database: env['DB_DATABASE'] ?? '',
		user: env['DB_USER'] ?? '',
		password: env['DB_PASSWORD'] ?? '',
		variables: 'DB_USER and DB_PASSWORD',
	};
}
