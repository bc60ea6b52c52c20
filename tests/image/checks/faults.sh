# shellcheck shell=bash
# Failing: the database dies, the container dies, the server refuses.

# hold SERVER DATABASE SQL: a session that keeps what SQL locks until the server dies.
hold() {
	docker exec --detach --env PGPASSWORD="$DB_SECRET" "$RUN-$1" psql -Xq -h 127.0.0.1 -U postgres -d "$2" -c 'BEGIN' -c "$3" -c 'SELECT pg_sleep(600)'
}

# A session of the boot waits for a lock.
boot_is_blocked() {
	[[ "$(sql_on "$1" "$2" "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = '$2' AND wait_event_type = 'Lock'")" == t ]]
}

# dies_with_database NAME STEP: kills the server, expects the boot of NAME to end with a clear line, brings the server back.
dies_with_database() {
	local status
	docker kill "$RUN-fragile" >/dev/null
	status="$(wait_for_end "$1" 60)"
	((status != 0)) || fail 'exit 0 without a database'
	expect "$(logs "$1" | tail -n 4)" "error: step $2" "the last lines name the step"
	expect "$(logs "$1" | tail -n 4)" 'remedy: ' 'the last lines name the remedy'
	note "$2: exit $status"
	docker start "$RUN-fragile" >/dev/null
	wait_for_database fragile
}

check 17 serving killed_at_each_step 'SIGKILL at each of the five steps, and Postgres killed in two: a clear line, the next boot goes on, and the last one serves'
killed_at_each_step() {
	local step
	start_database fragile
	wait_for_database fragile
	sql_on fragile postgres 'CREATE DATABASE trm'
	hold fragile trm 'CREATE SCHEMA trm'
	start dies1 fragile/trm
	eventually 60 'db-init waits for the lock' boot_is_blocked fragile trm
	dies_with_database dies1 '1/5: db-init'

	for step in 1 2 3 4 5; do
		if ((step == 3)); then
			start dies3 fragile/trm --env LOG_LEVEL=debug
			wait_for_log dies3 'plan: create collection vehicles' 120
			dies_with_database dies3 '3/5: schema'
		fi
		start "killed$step" fragile/trm
		wait_for_log "killed$step" "step $step/5" 120
		docker kill --signal KILL "$RUN-killed$step" >/dev/null
		[[ "$(wait_for_end "killed$step" 10)" == 137 ]] || fail "killed at step $step: exit $(state "killed$step" ExitCode)"
		remove "killed$step"
	done

	start recovered fragile/trm
	wait_until_serving recovered
	expect "$(program collections recovered admin@example.com "$ADMIN_SECRET")" '^12 collections$' 'collections served by the API'
	expect "$(run_once fragile/trm schema-drift 2>&1; echo "exit $?")" 'exit 0' 'schema-drift'
	remove dies1 dies3 recovered fragile
}

check 23 serving crash_loop_ends 'a server that refuses ends its container within a minute, with the reason in its last lines'
crash_loop_ends() {
	booted_database refused
	sql refused "UPDATE trm.migration_ledger SET sha256 = repeat('0', 64) WHERE filename LIKE '003%'"
	# Past the boot, which refuses earlier.
	start refused refused -- pm2-runtime start scripts/lib/serve.config.cjs
	local status
	status="$(wait_for_end refused 60)"
	((status != 0)) || fail 'exit 0'
	note "exit $status"
	expect "$(logs refused | tail -n 10)" 'ERROR: \[migration-ledger\] MIGRATION_CHANGED: 003_event_stream.sql' 'the last lines'
	remove refused
}

check 24 serving redis_down 'without its Redis it serves, and delivers when Redis is there'
redis_down() {
	booted_database lonely
	start lonely lonely --env REDIS=redis://late:6379
	wait_until_serving lonely
	program create lonely admin@example.com "$ADMIN_SECRET" 3
	expect "$(sql lonely "SELECT count(*) FROM trm.event_outbox WHERE type = 'trm.vehicles.created'")" '^3$' 'the outbox'
	docker run --detach --name "$RUN-late" --label "trm.verify=$RUN" --network "$NETWORK" --network-alias late \
		"$REDIS_IMAGE" redis-server --protected-mode no >/dev/null
	# Their organisation too.
	eventually 60 'the events in the late Redis' late_has_events 4
	remove lonely late
}

late_has_events() {
	[[ "$(docker exec "$RUN-late" redis-cli --raw XLEN lonely)" == "$1" ]]
}
