# shellcheck shell=bash
# Booting: the first time, again, locked down, tampered with, five at once.

# Milliseconds from the entrypoint's first line to the first answer.
boot_time() {
	local began ended
	began="$(docker inspect --format '{{.State.StartedAt}}' "$RUN-$1")"
	ended="$(docker logs --timestamps "$RUN-$1" 2>&1 | sed -nE 's/^([^ ]+) .*Server started at.*/\1/p' | tail -n 1)"
	printf '%d' $(($(date -d "$ended" +%s%3N) - $(date -d "$began" +%s%3N)))
}

check 5 booting locked_down 'serves, and keeps a file, under a read-only root, without capabilities, as any user'
locked_down() {
	booted_database locked
	docker volume create --label "trm.verify=$RUN" "$RUN-uploads" >/dev/null
	docker run --rm --user 0 --volume "$RUN-uploads:/directus/uploads" --entrypoint chown "$IMAGE" 12345 /directus/uploads
	start locked locked --read-only --tmpfs /tmp --volume "$RUN-uploads:/directus/uploads:nocopy" --cap-drop ALL --security-opt no-new-privileges --user 12345:54321
	wait_until_serving locked
	expect "$(docker exec "$RUN-locked" id)" 'uid=12345 gid=54321' 'the user'
	program upload locked admin@example.com "$ADMIN_SECRET" || { logs locked | tail -n 20; fail 'the upload'; }
	expect "$(docker exec "$RUN-locked" sh -c 'cat /directus/uploads/*')" 'a file of the check' 'the uploaded file'
	# What it wrote besides would have been refused, and says so in the log.
	expect_none "$(logs locked)" 'EROFS|EACCES|ENOENT|Permission denied|not read/writeable' 'the log'
	remove locked
}

check 6 booting healthy 'is healthy within the start period, and unhealthy never'
healthy() {
	local period=0
	booted_database health
	period="$(docker inspect --format '{{.Config.Healthcheck.StartPeriod.Seconds}}' "$IMAGE")"
	start health health
	eventually "${period%.*}" 'healthy' has_health health healthy
	expect_none "$(docker inspect --format '{{range .State.Health.Log}}{{.ExitCode}} {{end}}' "$RUN-health")" '[2-9]' 'the health check itself failed'
	# A server that no longer answers is found out: the check is not always content.
	# shellcheck disable=SC2016 # for the shell inside
	docker exec "$RUN-health" sh -c 'for process in /proc/[0-9]*; do
		if tr "\0" " " <"$process/cmdline" | grep -q "^node [^ ]*directus-cli"; then kill -s STOP "${process#/proc/}"; fi
	done'
	eventually 60 'unhealthy when the server hangs' has_health health unhealthy
	remove health
}

has_health() {
	[[ "$(state "$1" Health.Status)" == "$2" ]]
}

# A first boot, once for the checks that look at it, with all that it has to say.
first_boot() {
	[[ -z "$(docker ps --quiet --filter "name=^/$RUN-fresh$")" ]] || return 0
	empty_database fresh
	start fresh fresh --env LOG_LEVEL=debug
	wait_until_serving fresh
}

check 7 booting logs_only_on_the_streams 'logs go to stdout and stderr only, without a secret'
logs_only_on_the_streams() {
	first_boot
	docker exec "$RUN-fresh" wget -q -O /dev/null "http://127.0.0.1:8055/server/info?access_token=$SIGNING_SECRET" || true
	expect "$(logs fresh)" 'Server started' 'the log'
	expect_none "$(logs fresh)" "$DB_SECRET|$SIGNING_SECRET|$ADMIN_SECRET" 'a secret in the log'
	expect_none "$(docker exec "$RUN-fresh" find / -xdev -newer /directus/build.json -type f -size +0 -name '*.log*')" . 'log files'
	expect_none "$(docker diff "$RUN-fresh" | grep -vE '^[AC] (/tmp|/run|/directus/uploads)(/|$)')" . 'files written outside the places that docs/image.md names'
}

check 11 booting fresh_database 'a fresh database: every migration applied, twelve collections, served'
fresh_database() {
	local files
	first_boot
	files="$(docker exec "$RUN-fresh" sh -c 'cd /directus/db-init && find . -name "*.sql" | sed "s,^./,," | sort')"
	[[ "$(ledger_of fresh | LC_ALL=C sort)" == "$(LC_ALL=C sort <<<"$files")" ]] || fail "the ledger: $(ledger_of fresh)"
	expect "$(program collections fresh admin@example.com "$ADMIN_SECRET")" '^12 collections$' 'collections served by the API'
	boot_time fresh >"$WORK/cold"
	note "from start to serving: $(<"$WORK/cold") ms"
	remove fresh
}

check 12 booting warm 'a warm boot: nothing applied, three steps skipped, faster'
warm() {
	[[ -s "$WORK/cold" ]] || fresh_database
	start warm fresh
	wait_until_serving warm
	expect "$(logs warm)" 'db-init\] 0 applied' 'step 1'
	expect "$(logs warm | grep -c 'skipped, unchanged')" '^3$' 'steps 2 to 4'
	expect_none "$(logs warm)" '\] plan: |applied and verified' 'step 3'
	local milliseconds
	milliseconds="$(boot_time warm)"
	note "from start to serving: $milliseconds ms, $((100 * milliseconds / $(<"$WORK/cold"))) % of the first boot"
	((milliseconds < $(<"$WORK/cold"))) || fail 'not faster than the first boot'
	remove warm
	start forced fresh --env BOOT_FORCE=true
	wait_until_serving forced
	expect "$(logs forced)" 'BOOT_FORCE=true' 'BOOT_FORCE'
	expect "$(logs forced)" '\[schema\] schema: no changes' 'step 3 with BOOT_FORCE'
	remove forced
}

check 14 booting tampered 'a migration that was changed keeps it down'
tampered() {
	booted_database tampered
	container tampered tampered
	docker cp "$RUN-tampered:/directus/db-init/003_event_stream.sql" "$WORK/003_event_stream.sql"
	printf '%s\n' '-- changed' >>"$WORK/003_event_stream.sql"
	docker cp "$WORK/003_event_stream.sql" "$RUN-tampered:/directus/db-init/003_event_stream.sql"
	docker start "$RUN-tampered" >/dev/null
	expect "$(wait_for_end tampered 60)" '^1$' 'the status'
	expect "$(logs tampered | tail -n 3)" '003_event_stream.sql was changed after it was applied: expected [0-9a-f]{64}, found [0-9a-f]{64}; remedy' 'the last lines'
	expect_none "$(logs tampered)" 'Server started' 'it served'
	remove tampered
}

check 15 booting five_replicas 'five replicas at once on an empty database: all serve, everything was done once'
five_replicas() {
	local number
	empty_database replicas
	for number in 1 2 3 4 5; do start "replica$number" replicas; done
	for number in 1 2 3 4 5; do wait_until_serving "replica$number"; done
	expect "$(for number in 1 2 3 4 5; do logs "replica$number"; done | grep -c '\] applied [0-9a-z/-]*001_')" '^2$' 'each migration was applied by one'
	expect "$(sql replicas "SELECT count(*) FROM directus_users WHERE email = 'admin@example.com'")" '^1$' 'administrators'
	expect "$(sql replicas "SELECT count(*) = count(DISTINCT filename) FROM trm.migration_ledger")" '^t$' 'the ledger'
	remove replica1 replica2 replica3 replica4 replica5
}
