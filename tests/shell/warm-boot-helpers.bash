# shellcheck shell=bash
# For tests that have loaded helpers.bash and boot-helpers.bash: one real boot for the file, and a copy of its database for each test.
# shellcheck disable=SC2034,SC2153 # variables go to and come from bats and the test files

boot_once_for_the_file() {
	use_server "${TEST_PG_URL:?give the superuser URL of a Postgres for the tests}"
	boot_environment
	export BOOTED="trm_bats_booted_$$" DB_DATABASE="trm_bats_booted_$$"
	sql postgres "CREATE DATABASE $BOOTED"
	BATS_TEST_TMPDIR="$BATS_FILE_TMPDIR" boot_and_stop "$BATS_FILE_TMPDIR/log"
}

copy_booted_database() {
	LOG="$BATS_TEST_TMPDIR/log"
	boots=()
	DB_DATABASE="trm_bats_warm_$$_$BATS_TEST_NUMBER"
	sql postgres "CREATE DATABASE $DB_DATABASE TEMPLATE $BOOTED"
}

# What the boot would do with steps 2-4, without the steps: the entrypoint can be sourced.
decide() {
	(
		cd "$APP_ROOT" || return
		# shellcheck source=../../entrypoint.sh
		source "$ENTRYPOINT"
		set_defaults
		pg_environment 'trm test'
		session_open .
		choose_boot
		echo "$boot_kind: $boot_reason"
		session_close
	)
}

stored() {
	query "SELECT value ->> '$1' FROM trm.state WHERE key = 'boot.fingerprint'"
}

plate_note() {
	query "SELECT note FROM directus_fields WHERE collection = 'vehicles' AND field = 'plate'"
}
