# shellcheck shell=bash
# For the tests of entrypoint.sh that have loaded helpers.bash and start no Directus: what the boot wants to see, and a database.
# shellcheck disable=SC2034,SC2153 # variables go to and come from bats and the test files

prepare_boot() {
	use_server "${TEST_PG_URL:?give the superuser URL of a Postgres for the tests}"
	create_database
	export SECRET=0123456789abcdef0123456789abcdef ADMIN_EMAIL=admin@example.com ADMIN_PASSWORD=Secret-1234 PUBLIC_URL=http://127.0.0.1:8055
	export DIRECTUS_CLI="$ROOT/node_modules/directus/cli.js" ECOSYSTEM_FILE="$ROOT/scripts/local/ecosystem.config.cjs"
	export DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init" TEST_MARK="trm-bats-$RANDOM$RANDOM"
	DIR="$DB_INIT_PATH"
	LOG="$BATS_TEST_TMPDIR/log"
	mkdir -p "$DIR/after-schema" "$DIR/current" "$BATS_TEST_TMPDIR/app/extensions/trm/dist"
	# What the boot wants to see from its working directory; no test here gets as far as running it.
	cd "$BATS_TEST_TMPDIR/app" || return
	echo '{}' >package.json
	: >extensions/trm/dist/api.js
	query 'CREATE TABLE nap (seconds float); INSERT INTO nap VALUES (60)'
}

boot_lock_is_free() {
	[[ "$(query "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")" == 0 ]]
}

# copy_command_line DIRECTORY: scripts/trm and what it runs, as in a release.
copy_command_line() {
	mkdir -p "$1/extensions/trm/dist"
	cp -r "$ROOT/scripts" "$1"
	cp "$ROOT/extensions/trm/package.json" "$1/extensions/trm"
	cp "$ROOT/extensions/trm/dist/trm.js" "$1/extensions/trm/dist"
}
