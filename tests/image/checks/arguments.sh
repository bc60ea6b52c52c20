# shellcheck shell=bash
# Arguments and configuration.

check 10 contents missing_variables 'each required variable that is missing is named: exit 78, within five seconds'
missing_variables() {
	local name status output began quickest=30
	for name in DB_CLIENT DB_HOST DB_DATABASE DB_USER DB_PASSWORD SECRET ADMIN_EMAIL ADMIN_PASSWORD PUBLIC_URL; do
		settings none | grep -v "^$name=" >"$WORK/missing.env"
		began=$SECONDS status=0
		output="$(timeout 30 docker run --rm --label "trm.verify=$RUN" --env-file "$WORK/missing.env" "$IMAGE" 2>&1)" || status=$?
		((status == 78)) || fail "without $name: exit $status: $output"
		((SECONDS - began >= quickest)) || quickest=$((SECONDS - began))
		expect "$output" "$name" "without $name"
	done
	# The quickest of nine counts: other work may slow down some of them.
	((quickest < 5)) || fail "$quickest s and more"
}

check 26 contents unwritable_places 'a place that it has to write to and cannot is named: exit 78'
unwritable_places() {
	local status=0 output
	settings none >"$WORK/unwritable.env"
	output="$(timeout 30 docker run --rm --label "trm.verify=$RUN" --env-file "$WORK/unwritable.env" --read-only "$IMAGE" 2>&1)" || status=$?
	((status == 78)) || fail "read-only without a tmpfs: exit $status: $output"
	expect "$output" 'cannot write to /tmp; remedy: .*--tmpfs /tmp' 'the remedy'
	expect "$output" 'PM2_HOME' "pm2's place"
}

check 19 contents arguments 'arguments override: the migrations, the schema, the bundle and a shell'
arguments() {
	booted_database arguments
	expect "$(run_once arguments db-init --status)" '001_extensions\.sql +applied' 'db-init --status'
	expect "$(run_once arguments schema-apply --dry-run)" 'no changes' 'schema-apply --dry-run'
	run_once arguments schema-drift || fail "schema-drift: exit $?"
	expect "$(run_once arguments trm --help)" 'schema' 'trm --help'
	# shellcheck disable=SC2016 # for the shell inside
	expect "$(run_once arguments sh -c 'echo "$0 $(id -un)"' toolbox)" '^toolbox node$' 'sh'
	local status=0
	run_once arguments sh -c 'exit 42' || status=$?
	((status == 42)) || fail "the status of a command is $status"
}

check 20 serving seeds 'seeds load, and a captured schema is the one of the image'
seeds() {
	booted_database seeded
	run_once seeded trm seed load seeds/rally-albania-2026 --hours 1 --entries 3
	expect "$(sql seeded 'SELECT count(*) > 100 FROM positions')" '^t$' 'fixes'
	expect "$(sql seeded 'SELECT count(*) FROM entries')" '^63$' 'entries'
	run_once seeded schema-snapshot - >"$WORK/captured.yaml"
	run_once seeded cat snapshots/schema.yaml | diff - "$WORK/captured.yaml" || fail 'a captured schema differs from the one of the image'
}
