#!/usr/bin/env bats
# entrypoint.sh: the boot lock and signals.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # $0 is for the inner shell; each @test is a subshell; output comes from bats

load helpers
load entrypoint-helpers

setup() {
	prepare_boot
}

teardown() {
	drop_database
}

# A step that takes as long as the test wants: a migration that sleeps.
start_boot_and_sleep() {
	migration 001_sleep.sql 'SELECT pg_sleep(seconds) FROM nap;'
	"$ENTRYPOINT" >"$LOG" 2>&1 3>&- &
	boot=$!
	eventually 10 is_sleeping
}

# Processes that inherited this test's environment, apart from the test itself.
processes_of_boot() {
	grep -lz "^TEST_MARK=$TEST_MARK$" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 | while read -r pid; do
		case "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" in
			*entrypoint.sh* | *apply-db-init* | *psql* | *cli.js* | *schema-apply*) echo "$pid" ;;
		esac
	done
}

@test "a second boot waits for the lock, says for whom, and gives up after BOOT_LOCK_TIMEOUT" {
	start_boot_and_sleep
	BOOT_LOCK_TIMEOUT=5 run -69 "$ENTRYPOINT"
	expect 'waiting for the lock trm.boot, '
	expect ' s so far; trm boot'
	expect 'another boot held the lock trm.boot for 5 s'
	reject 'step 1/5'
	kill -TERM "$boot"
	status_of "$boot"
}

@test "a boot that loses its lock stops before the next step, with the remedy" {
	query 'UPDATE nap SET seconds = 2'
	start_boot_and_sleep
	query "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trm boot%' AND datname = current_database()"
	status_of "$boot"
	equal "$status" 69
	run cat "$LOG"
	expect '[db-init] 1 applied, 0 skipped'
	expect 'the session that holds the boot lock was lost'
	reject 'step 2/5'
}

@test "SIGTERM during a step ends the boot at once and leaves no process and no lock" {
	start_boot_and_sleep
	SECONDS=0
	kill -TERM "$boot"
	status_of "$boot"
	equal "$status" 143
	((SECONDS < 4))
	run cat "$LOG"
	expect 'a signal ended the boot'
	eventually 3 boot_lock_is_free
	equal "$(processes_of_boot)" ''
}

@test "a second signal does not save a step that ignores the first" {
	local deaf="$BATS_TEST_TMPDIR/bin/node"
	mkdir "${deaf%/*}"
	printf '#!/usr/bin/env bash\ntrap "" TERM INT HUP\ntouch "%s"\nfor ((i = 0; i < 60; i++)); do sleep 1; done\n' "$LOG.deaf" >"$deaf"
	chmod +x "$deaf"
	cp "$ROOT/db-init/004_state.sql" "$DIR"
	PATH="${deaf%/*}:$PATH" "$ENTRYPOINT" >"$LOG" 2>&1 3>&- &
	boot=$!
	eventually 10 test -e "$LOG.deaf"
	kill -TERM "$boot"
	eventually 3 log_has "$LOG" 'a signal ended the boot'
	sleep 0.3
	kill -INT "$boot"
	kill -TERM "$boot"
	status_of "$boot"
	equal "$status" 143
	equal "$(processes_of_boot)" ''
	boot_lock_is_free
}

@test "SIGTERM while waiting for the lock or for Postgres ends the boot at once" {
	start_boot_and_sleep
	local waiting
	"$ENTRYPOINT" >"$LOG.2" 2>&1 3>&- &
	waiting=$!
	eventually 5 log_has "$LOG.2" 'waiting for the lock trm.boot'
	kill -TERM "$waiting"
	status_of "$waiting"
	equal "$status" 143
	DB_PORT="$(free_port)" "$ENTRYPOINT" >"$LOG.3" 2>&1 3>&- &
	waiting=$!
	eventually 5 log_has "$LOG.3" 'Connection refused'
	kill -TERM "$waiting"
	status_of "$waiting"
	equal "$status" 143
	kill -TERM "$boot"
	status_of "$boot"
}
