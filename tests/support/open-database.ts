import knex, { type Knex } from 'knex';

/** The database of a stack's environment (DB_HOST and so on), as Directus would hand it to an extension. */
export function openDatabase(env: NodeJS.ProcessEnv): Knex {
	return knex({
		client: 'pg',
		connection: {
			host: env['DB_HOST'] as string,
			port: Number(env['DB_PORT']),
			database: env['DB_DATABASE'] as string,
			user: env['DB_USER'] as string,
			password: env['DB_PASSWORD'] as string,
		},
		pool: { min: 0, max: 2 },
	});
}
