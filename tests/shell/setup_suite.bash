# shellcheck shell=bash
# Around all files of one run of bats.

setup_suite() { :; }

# What boot_once (warm-boot-helpers.bash) left.
teardown_suite() {
	[[ -n "${TEST_PG_URL:-}" ]] || return 0
	load helpers
	use_server "$TEST_PG_URL"
	sql postgres "DROP DATABASE IF EXISTS trm_bats_booted_$BATS_ROOT_PID WITH (FORCE)"
}
