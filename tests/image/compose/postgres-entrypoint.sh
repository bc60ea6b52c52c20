#!/bin/bash
# What timescale/timescaledb-ha does with POSTGRES_PASSWORD_FILE and its directory of scripts, and no more.
set -euo pipefail

if [[ "$1" != postgres ]]; then exec "$@"; fi

if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
	initdb -D "$PGDATA" -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256 \
		--pwfile="$POSTGRES_PASSWORD_FILE" >/dev/null
	printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
	# On a socket only, so that nobody takes it for ready.
	pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" -w start >/dev/null
	export PGHOST=/var/run/postgresql
	for script in /docker-entrypoint-initdb.d/*.sh; do
		echo "running $script"
		"$script"
	done
	pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "${@:2}"
