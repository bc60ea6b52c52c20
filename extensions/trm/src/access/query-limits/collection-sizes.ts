import type { Knex } from 'knex';

/** Nobody plans by them, so they may be a minute old, and so much lower than they are. */
const FRESH_MS = 60_000;
const MARGIN = { factor: 1.2, rows: 50 };

/** As Postgres counts them, not by looking at the tables: since its last crash, or when it last analysed them. */
const SELECT_SIZES = `
	SELECT counted.relname AS name, greatest(counted.n_live_tup, analysed.reltuples, 0)::float8 AS rows
	FROM pg_stat_user_tables AS counted JOIN pg_class AS analysed ON analysed.oid = counted.relid
	WHERE counted.schemaname = current_schema()`;

/**
 * How many items each collection has, about.
 * @returns a function that answers by collection, of what was read a minute ago at most; Infinity for one that Postgres has not counted.
 */
export function collectionSizes(database: Knex): () => Promise<(collection: string) => number> {
	let sizes: Promise<Map<string, number>> | undefined;
	let readAt = -Infinity;

	return async () => {
		if (sizes === undefined || performance.now() - readAt > FRESH_MS) {
			readAt = performance.now();
			sizes = read(database);
			// While Postgres is away the queries fail by themselves; when it is back it is asked again.
			sizes.catch(() => (readAt = -Infinity));
		}

		const known = await sizes;
		return (collection) => known.get(collection) ?? Infinity;
	};
}

async function read(database: Knex): Promise<Map<string, number>> {
	const { rows } = await database.raw<{ rows: { name: string; rows: number }[] }>(SELECT_SIZES);
	return new Map(rows.map(({ name, rows: counted }) => [name, counted * MARGIN.factor + MARGIN.rows]));
}
