#!/usr/bin/env bash
# Proves on a new database that what is in snapshots/ and db-init/ is the whole truth: applied once, nothing is left to apply.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../.." && pwd)"
LOG_TAG=snapshot-dry-run
# shellcheck source=../lib/log.sh
source "$ROOT/scripts/lib/log.sh"

DB_IMAGE="${DB_IMAGE:-timescale/timescaledb-ha:pg15.18-ts2.28.3}"
image=''
name="trm-dry-run-$$"

usage() {
	cat <<-'TEXT'
		usage: snapshot-dry-run.sh [IMAGE]
		With IMAGE: the image's own files and commands, on a Postgres from DB_IMAGE; both in containers that are removed again.
		Without:    those of this checkout, on a database of the server TEST_PG_URL that is dropped again.
		exit: 0 nothing is left to apply, 1 something is, or a step failed, 64 usage, 69 no engine or server, 78 a setting is missing
	TEXT
}

# in_image COMMAND…: as an operator would, through the image's entrypoint.
in_image() {
	docker run --rm --network "$name" --env-file "$environment" "$image" "$@"
}

in_checkout() {
	(
		set -a
		# shellcheck disable=SC1090 # made above
		source "$environment"
		PATH="$ROOT/node_modules/.bin:$PATH" DIRECTUS_CLI="$ROOT/node_modules/directus/cli.js" "$ROOT/entrypoint.sh" "$@"
	)
}

# Lines NAME=value that both docker and bash read; what is secret in it is made here and gone at the end.
write_environment() {
	printf '%s\n' DB_CLIENT=pg "DB_HOST=$1" "DB_PORT=$2" "DB_DATABASE=$3" "DB_USER=$4" "DB_PASSWORD=$5" \
		"SECRET=$password$password" ADMIN_EMAIL=admin@example.com "ADMIN_PASSWORD=$password" \
		PUBLIC_URL=http://127.0.0.1:8055 TELEMETRY=false LOG_LEVEL=warn >"$environment"
}

begin_with_image() {
	docker version >/dev/null 2>&1 || die "$EXIT_UNAVAILABLE" 'no Docker engine answers; remedy: start one, or run without IMAGE'
	docker network create "$name" >/dev/null
	write_environment postgres 5432 trm postgres "$password"
	# By name from the environment: a command line can be read by everybody.
	POSTGRES_PASSWORD=$password docker run --detach --name "$name" --network "$name" --network-alias postgres \
		--env POSTGRES_PASSWORD --env POSTGRES_DB=trm "$DB_IMAGE" >/dev/null
	run() { in_image "$@"; }
	cli=(node cli.js)
}

begin_with_checkout() {
	[[ "${TEST_PG_URL:-}" =~ ^postgres(ql)?://([^@:/]+)(:([^@/]*))?@([^:/]+)(:([0-9]+))?/ ]] ||
		die "$EXIT_CONFIG" 'TEST_PG_URL is missing or no postgres://user:password@host:port/postgres; remedy: set it, or name an image'
	write_environment "${BASH_REMATCH[5]}" "${BASH_REMATCH[7]:-5432}" "trm_dry_run_$$" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:-none}"
	psql -Xq "$TEST_PG_URL" -c "CREATE DATABASE trm_dry_run_$$" || die "$EXIT_UNAVAILABLE" 'the server of TEST_PG_URL gives no database; see the line above'
	cd "$ROOT"
	run() { in_checkout "$@"; }
	cli=(node node_modules/directus/cli.js)
}

clean_up() {
	rm -rf "$work"
	if [[ -n "$image" ]]; then
		docker rm --force --volumes "$name" >/dev/null 2>&1 || true
		docker network rm "$name" >/dev/null 2>&1 || true
	else
		psql -Xq "${TEST_PG_URL:-}" -c "DROP DATABASE IF EXISTS trm_dry_run_$$ WITH (FORCE)" >/dev/null 2>&1 || true
	fi
}

# expect_nothing_left WHAT COMMAND…
expect_nothing_left() {
	local what=$1 code=0
	shift
	log "$what"
	run "$@" || code=$?
	case "$code" in
		0) ;;
		1 | 70) die "$EXIT_FAILURE" "$what: exit $code, something is left to apply or could not be compared, see the lines above; remedy: capture the snapshot from a database that has all changes (scripts/schema-snapshot.sh), or correct the migration that contradicts it" ;;
		*) die "$EXIT_FAILURE" "$what: exit $code; remedy: see the lines above" ;;
	esac
}

main() {
	case "${1:-}" in
		-h | --help) usage; return ;;
		-*) usage >&2; die 64 "unknown option $1" ;;
	esac
	image="${1:-}"
	work="$(mktemp -d "${TMPDIR:-/tmp}/trm-dry-run.XXXXXX")"
	environment="$work/environment"
	password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
	trap clean_up EXIT
	trap 'exit 130' INT TERM HUP
	if [[ -n "$image" ]]; then begin_with_image; else begin_with_checkout; fi

	log 'db-init'
	run db-init
	log 'bootstrap'
	run "${cli[@]}" bootstrap
	log 'schema-apply'
	run schema-apply
	log 'db-init/after-schema'
	run db-init "${DB_INIT_PATH:-db-init}/after-schema"
	run db-init "${DB_INIT_PATH:-db-init}/current"
	expect_nothing_left 'schema-apply --dry-run' schema-apply --dry-run
	expect_nothing_left 'schema-drift' schema-drift
	log 'nothing is left to apply'
}

main "$@"
