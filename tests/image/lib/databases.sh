# shellcheck shell=bash
# Databases for the checks: empty ones, and copies of one that the image itself has booted.

empty_database() {
	sql postgres "CREATE DATABASE $1"
}

# booted_database NAME: a copy of what one boot of the image leaves, which costs a moment and not a boot.
booted_database() {
	(
		# Several lanes may be the first to ask.
		flock 8
		if [[ -z "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = 'booted'")" ]]; then
			empty_database booting
			start booting booting
			wait_until_serving booting
			remove booting
			sql postgres 'ALTER DATABASE booting RENAME TO booted'
		fi
		sql postgres "CREATE DATABASE $1 TEMPLATE booted"
	) 8>"$WORK/booted.lock"
}

# ledger_of DATABASE: every applied migration.
ledger_of() {
	sql "$1" 'SELECT filename FROM trm.migration_ledger ORDER BY filename'
}

# redis COMMAND…
redis() {
	docker exec "$RUN-redis" redis-cli --raw "$@"
}
