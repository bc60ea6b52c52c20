# shellcheck shell=bash
# For tests that have loaded helpers.bash and boot-helpers.bash: one real boot for all files, and a copy of its database for each test.
# shellcheck disable=SC2034,SC2153 # variables go to and come from bats and the test files

# The first file of a run that asks boots it; setup_suite.bash removes it.
boot_once() {
	use_server "${TEST_PG_URL:?give the superuser URL of a Postgres for the tests}"
	boot_environment
	export BOOTED="trm_bats_booted_$BATS_ROOT_PID" DB_DATABASE="trm_bats_booted_$BATS_ROOT_PID"
	[[ "$(sql postgres "SELECT count(*) FROM pg_database WHERE datname = '$BOOTED'")" == 0 ]] || return 0
	sql postgres "CREATE DATABASE $BOOTED"
	BATS_TEST_TMPDIR="$BATS_FILE_TMPDIR" boot_and_stop "$BATS_FILE_TMPDIR/log" || { drop_database; return 1; }
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
