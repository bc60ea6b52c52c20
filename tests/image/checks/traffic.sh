# shellcheck shell=bash
# Serving and stopping.

check 16 serving stop_under_load 'SIGTERM under load: exit 0, no request cut, no event lost'
stop_under_load() {
	local loader
	booted_database load
	start client load -- sleep infinity
	sql load "INSERT INTO organizations (id, name, slug, status) VALUES ('00000000-0000-4000-8000-000000000002', 'Home', 'home', 'active')"
	sql load "INSERT INTO vehicles (id, organization, make, model, kind)
		VALUES ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'KTM', 'slow', 'moto')"
	start load1 load
	wait_until_serving load1
	program load client http://load1:8055 admin@example.com "$ADMIN_SECRET" 8 >"$WORK/load.json" &
	loader=$!
	wait_for_log load1 'POST /items/vehicles 200' 60
	stop_with_an_open_request load1
	wait "$loader"
	note "$(head -n 1 "$WORK/load.json")"
	expect "$(<"$WORK/load.json")" '"cut":0,' 'requests that were taken and not answered'
	expect "$(<"$WORK/load.json")" '"answered":[0-9][0-9]' 'enough requests to show anything'
	start after load
	wait_until_serving after
	eventually 60 'an empty outbox' outbox_is_published load
	sql load 'SELECT model FROM vehicles' | LC_ALL=C sort >"$WORK/rows"
	expect_none "$(names_of answered | LC_ALL=C comm -23 - "$WORK/rows")" . 'answered with 200 and not in the database'
	expect_none "$(names_of reset | LC_ALL=C comm -12 - "$WORK/rows")" . 'taken, and its connection reset without an answer'
	[[ "$(wc -l <"$WORK/rows")" == "$(redis XRANGE load - + | grep -cx trm.vehicles.created)" ]] || fail 'not one event for each row'
	expect "$(redis XLEN load)" "^$(sql load 'SELECT count(*) FROM trm.event_outbox')\$" 'as many entries as events, so none twice'
	note "$(wc -l <"$WORK/rows") rows, $(redis XLEN load) entries in the stream"
	remove client load1 after
}

# A change waits for a row's lock when the signal comes, and is let go after two seconds: longer than Directus's own timeout.
stop_with_an_open_request() {
	local change stop
	docker exec --detach --env PGPASSWORD="$DB_SECRET" --env PGAPPNAME=holder "$RUN-db" psql -Xq -h 127.0.0.1 -U postgres -d load \
		-c BEGIN -c "SELECT FROM vehicles WHERE model = 'slow' FOR UPDATE" -c 'SELECT pg_sleep(600)'
	program change client "http://$1:8055" admin@example.com "$ADMIN_SECRET" 00000000-0000-4000-8000-000000000001 "$1" >"$WORK/change" 2>&1 &
	change=$!
	eventually 30 'a request waits for the lock' request_waits load
	docker stop --time 15 "$RUN-$1" >/dev/null &
	stop=$!
	sleep 2
	sql load "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'"
	wait "$stop"
	[[ "$(state "$1" ExitCode)" == 0 ]] || { logs "$1" | tail -n 20; fail "exit $(state "$1" ExitCode)"; }
	wait "$change" || { cat "$WORK/change"; fail 'the request that was open at the signal was not answered'; }
	expect "$(sql load "SELECT make FROM vehicles WHERE model = 'slow'")" "^$1\$" 'what it changed'
}

request_waits() {
	[[ "$(sql "$1" "SELECT count(*) FROM pg_stat_activity WHERE datname = '$1' AND wait_event_type = 'Lock' AND query ILIKE 'update%vehicles%'")" != 0 ]]
}

# names_of OUTCOME: its vehicles, one a line.
names_of() {
	sed -n "2s/.*\"$1\":\[\([^]]*\)\].*/\1/p" "$WORK/load.json" | tr -d '"' | tr ',' '\n' | sed '/^$/d' | LC_ALL=C sort
}

outbox_is_published() {
	[[ "$(sql "$1" 'SELECT count(*) FILTER (WHERE stream_seq IS NULL), max(stream_seq) = (SELECT published_seq FROM trm.event_stream) FROM trm.event_outbox')" == '0|t' ]]
}

check 18 serving flag_to_stream 'flag-faulty through the container: rows, flag and event'
flag_to_stream() {
	booted_database flagged
	start flagged flagged
	wait_until_serving flagged
	sql flagged "INSERT INTO positions (device_id, ts, latitude, longitude) VALUES ('350000000000001', '2026-06-07T08:00:01.123456Z', 41, 20)"
	expect "$(program flag flagged admin@example.com "$ADMIN_SECRET" 350000000000001 2026-06-07T08:00:01.123456Z)" '"changed":1' 'the answer'
	expect "$(sql flagged "SELECT faulty FROM positions WHERE device_id = '350000000000001'")" '^t$' 'the fix'
	eventually 30 'the event in the stream' stream_has_flag flagged
	expect "$(redis XREVRANGE flagged + - COUNT 1)" '2026-06-07T08:00:01.123456Z' 'the key in the event'
	remove flagged
}

stream_has_flag() {
	redis XREVRANGE "$1" + - COUNT 1 | grep -q 'trm.positions.flagged'
}
