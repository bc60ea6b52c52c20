#!/bin/bash
# What the usual database images do with POSTGRES_USER, POSTGRES_PASSWORD(_FILE) and POSTGRES_DB, and no more.
set -euo pipefail

if [[ "$1" != postgres ]]; then exec "$@"; fi

user=${POSTGRES_USER:-postgres}
if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
	if [[ -n ${POSTGRES_PASSWORD_FILE:-} ]]; then POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE"); fi
	: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}"
	install -d -o postgres -g postgres -m 700 "$PGDATA"
	printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
	chown postgres /tmp/password
	runuser -u postgres -- initdb -D "$PGDATA" -U "$user" -E UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256 --pwfile=/tmp/password --no-sync >/dev/null
	rm /tmp/password
	printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
	if [[ ${POSTGRES_DB:-$user} != postgres ]]; then
		printf 'CREATE DATABASE "%s";\n' "${POSTGRES_DB:-$user}" | runuser -u postgres -- postgres --single -D "$PGDATA" postgres >/dev/null
	fi
fi
exec setpriv --reuid postgres --regid postgres --init-groups -- postgres -c listen_addresses='*' "${@:2}"
