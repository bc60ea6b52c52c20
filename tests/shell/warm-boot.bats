#!/usr/bin/env bats
# The boot fingerprint with the real Directus: what a warm boot leaves out, what keeps a boot from being warm, and who is refused.
# shellcheck disable=SC2030,SC2034,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; output and lines come from bats

load helpers
load boot-helpers
load warm-boot-helpers

setup_file() {
	boot_once
}

setup() {
	copy_booted_database
}

teardown() {
	stop_boots
	drop_database
}

@test "an unchanged database: steps 2-4 are skipped with the reason, no process of node runs before pm2, and it serves" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	# Notes each start of node, then is node.
	printf '#!/bin/sh\necho "$@" >>"%s"\nexec "%s" "$@"\n' "$LOG.node" "$(command -v node)" >"$BATS_TEST_TMPDIR/bin/node"
	chmod +x "$BATS_TEST_TMPDIR/bin/node"
	PATH="$BATS_TEST_TMPDIR/bin:$PATH" start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	run cat "$LOG"
	expect "[db-init] 0 applied, $(find "$ROOT/db-init" -maxdepth 1 -name '*.sql' | wc -l) skipped"
	local step
	for step in 'step 2/5: bootstrap' 'step 3/5: schema' 'step 4/5: after-schema'; do
		[[ "$output" =~ "[entrypoint] $step: skipped, unchanged since "20[0-9-]+\ [0-9:]+.*" (boot fingerprint "[0-9a-f]{12}")" ]]
	done
	run head -n 1 "$LOG.node"
	expect 'pm2-runtime start'
}

@test "no start of Directus asks the npm registry for a newer version, not by its commands and not by the server" {
	# Notes each name that a process of node looks up.
	cat >"$BATS_TEST_TMPDIR/watch.cjs" <<-'JS'
		const dns = require('node:dns');
		const { lookup } = dns;
		dns.lookup = (name, ...rest) => (require('node:fs').appendFileSync(process.env.LOOKUPS, `${name}\n`), lookup(name, ...rest));
	JS
	export LOOKUPS="$LOG.lookups" NODE_OPTIONS="--require $BATS_TEST_TMPDIR/watch.cjs"
	# An answer of the registry that is kept there would spare it the question.
	export CACHE_DIR="$BATS_TEST_TMPDIR/cache"
	: >"$LOOKUPS"
	BOOT_FORCE=true boot_and_stop "$LOG"
	run cat "$LOOKUPS"
	reject 'registry.npmjs.org'
	# The watch does see what upstream's own file does.
	(cd "$APP_ROOT" && SERVE_APP=false REDIS_ENABLED=false node "$DIRECTUS_CLI" --version)
	run cat "$LOOKUPS"
	expect 'registry.npmjs.org'
}

@test "what was edited in the admin UI stays after a warm boot; BOOT_FORCE=true brings the snapshot back" {
	query "UPDATE directus_fields SET note = 'edited' WHERE collection = 'vehicles' AND field = 'plate'"
	boot_and_stop "$LOG"
	equal "$(plate_note)" edited
	BOOT_FORCE=true boot_and_stop "$LOG"
	run cat "$LOG"
	expect 'running all steps: BOOT_FORCE=true'
	expect '[schema] plan: change field vehicles.plate: meta.note'
	[[ "$(plate_note)" != edited ]]
	run -0 decide
	expect 'warm: unchanged since'
}

@test "BOOT_FORCE is true or false" {
	BOOT_FORCE=yes PUBLIC_URL=http://127.0.0.1 run -78 env -C "$APP_ROOT" "$ENTRYPOINT"
	expect 'BOOT_FORCE is "yes"; remedy: true or false'
	BOOT_FORCE=false run -0 decide
	expect 'warm: '
}

@test "each part that changed is named" {
	cp -r "$ROOT/db-init" "$ROOT/snapshots" "$BATS_TEST_TMPDIR"
	export SNAPSHOT_PATH="$BATS_TEST_TMPDIR/snapshots/schema.yaml" SETTINGS_PATH="$BATS_TEST_TMPDIR/snapshots/settings.yaml"
	export DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init"
	run -0 decide
	expect 'warm: '

	echo '# changed' >>"$SETTINGS_PATH"
	run -0 decide
	equal "$output" 'full: changed since the last boot: snapshots'
	rm "$SETTINGS_PATH"
	run -0 decide
	equal "$output" 'full: changed since the last boot: snapshots'

	cp "$ROOT/snapshots/settings.yaml" "$SETTINGS_PATH"
	ACCESS_PATH="$BATS_TEST_TMPDIR/snapshots/access.yaml"
	export ACCESS_PATH
	run -0 decide
	expect 'warm: '
	echo '# changed' >>"$ACCESS_PATH"
	run -0 decide
	equal "$output" 'full: changed since the last boot: snapshots'
	cp "$ROOT/snapshots/access.yaml" "$ACCESS_PATH"

	# The same contents under another name.
	mv "$DB_INIT_PATH/after-schema/001_uniques.sql" "$DB_INIT_PATH/after-schema/001_others.sql"
	run -0 decide
	equal "$output" 'full: changed since the last boot: migrations'

	mkdir -p "$BATS_TEST_TMPDIR/extensions/trm/dist"
	echo '// another bundle' >"$BATS_TEST_TMPDIR/extensions/trm/dist/api.js"
	EXTENSIONS_PATH="$BATS_TEST_TMPDIR/extensions" run -0 decide
	equal "$output" 'full: changed since the last boot: code, migrations'

	query "DELETE FROM directus_migrations WHERE version = (SELECT max(version) FROM directus_migrations)"
	run -0 decide
	equal "$output" 'full: changed since the last boot: migrations, tables'
}

@test "what cannot be read is no reason to skip anything" {
	EXTENSIONS_LOCATION=s3 run -0 decide
	expect 'full: the bundle lies in EXTENSIONS_LOCATION'
	SNAPSHOT_PATH="$BATS_TEST_TMPDIR/dangling"
	ln -s /nowhere "$SNAPSHOT_PATH"
	export SNAPSHOT_PATH
	run -0 decide
	expect 'full: not all of '
	expect 'can be read'
}

@test "whatever stands in the fingerprint's place, the boot goes on and takes no short cut" {
	local value
	for value in null true 5 '"warm"' '[]' '{}' '{"completed":true}' '{"completed":"true","directus":7}' '{"directus":"99999999.0.0"}'; do
		query "UPDATE trm.state SET value = '$value' WHERE key = 'boot.fingerprint'"
		run -0 decide
		[[ "$output" == 'full: '* ]]
	done
	query "UPDATE trm.state SET value = value || '{\"code\": \"0000\"}' WHERE key = 'boot.fingerprint'"
	run -0 decide
	expect 'full: '
	query "DELETE FROM trm.state WHERE key = 'boot.fingerprint'"
	run -0 decide
	equal "$output" 'full: no boot of this database was completed yet'
}

@test "a fingerprint that cannot be written or read stops the boot with the reason" {
	query 'ALTER TABLE trm.state RENAME COLUMN value TO content'
	PUBLIC_URL=http://127.0.0.1 run -1 env -C "$APP_ROOT" "$ENTRYPOINT"
	expect 'column "value" does not exist'
	expect 'boot fingerprint: compare-fingerprint.sql failed, see the lines above; remedy'
	query 'ALTER TABLE trm.state RENAME COLUMN content TO value'
	query 'ALTER TABLE trm.state ADD CHECK (false) NOT VALID'
	BOOT_FORCE=true PUBLIC_URL=http://127.0.0.1 run -1 env -C "$APP_ROOT" "$ENTRYPOINT"
	expect 'boot fingerprint: begin-full-boot.sql failed'
	reject 'step 2/5'
}

@test "a first bootstrap that was interrupted is a reason for all steps" {
	query "INSERT INTO trm.state (key, value) VALUES ('bootstrap.installing', 'true')"
	run -0 decide
	equal "$output" 'full: the first bootstrap of this database was interrupted'
}

@test "an image with an older Directus than the one that booted the database is refused, and BOOT_FORCE does not help" {
	local image
	image="$(sed -n 's/^\t*  *"version": "\(.*\)",$/\1/p' "$ROOT/node_modules/directus/package.json")"
	query "UPDATE trm.state SET value = value || '{\"directus\": \"11.100.0\"}' WHERE key = 'boot.fingerprint'"
	BOOT_FORCE=true PUBLIC_URL=http://127.0.0.1 run -1 env -C "$APP_ROOT" "$ENTRYPOINT"
	expect "this image has Directus $image, and the database was booted with Directus 11.100.0"
	expect 'remedy: run an image with Directus 11.100.0 or newer'
	reject 'step 2/5'
	equal "$(stored directus)" 11.100.0
	# Older is older by number, not by letter.
	query "UPDATE trm.state SET value = value || '{\"directus\": \"11.9.9\"}' WHERE key = 'boot.fingerprint'"
	run -0 decide
	equal "$output" 'full: changed since the last boot: directus'
}

@test "a collection's lost trigger is a reason for all steps, which make it again" {
	query 'DROP TRIGGER trm_emit_row_change ON classes'
	boot_and_stop "$LOG"
	run cat "$LOG"
	expect 'running all steps: triggers, constraints or functions of db-init/ are missing'
	expect 'applied current/events.sql'
	run -0 decide
	expect 'warm: '
}

@test "a function that was edited is what the next boot applies; a server of an image with another one is refused" {
	cp -r "$ROOT/db-init" "$BATS_TEST_TMPDIR"
	echo 'CREATE OR REPLACE FUNCTION trm.answer() RETURNS integer LANGUAGE sql AS $$ SELECT 42 $$;' >>"$BATS_TEST_TMPDIR/db-init/current/classes.sql"
	DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init" boot_and_stop "$LOG"
	log_has "$LOG" 'running all steps: changed since the last boot: migrations'
	log_has "$LOG" 'applied current/classes.sql'
	equal "$(query 'SELECT trm.answer()')" 42

	DB_INIT_PATH="$ROOT/db-init" start_boot "$LOG.older" node "$DIRECTUS_CLI" start
	status_of "$boot"
	equal "$status" 78
	log_has "$LOG.older" 'MIGRATION_CHANGED: current/classes.sql was last applied as SHA-256'
}

@test "killed in step 4, or failed there, with nothing changed: what was booted before is still warm" {
	cp -r "$ROOT/db-init" "$BATS_TEST_TMPDIR"
	export DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init"
	DIR="$DB_INIT_PATH/after-schema"
	migration 900_sleep.sql 'SELECT pg_sleep(60);'
	start_boot "$LOG"
	eventually 60 is_sleeping || { cat "$LOG"; return 1; }
	kill -KILL "$boot"
	status_of "$boot"
	# What the killed boot has started would sleep on, and the next boot wait for its lock.
	query "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"

	migration 900_sleep.sql 'SELECT 1/0;'
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 1
	run cat "$LOG"
	expect 'running all steps: changed since the last boot: migrations'
	expect 'step 4/5: after-schema failed with status 1'

	rm "$DIR/900_sleep.sql"
	run -0 decide
	expect 'warm: unchanged since'
}

@test "failed in step 4 after step 3 changed something: the next boot runs all steps" {
	cp -r "$ROOT/db-init" "$BATS_TEST_TMPDIR"
	export DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init"
	DIR="$DB_INIT_PATH/after-schema"
	migration 900_fails.sql 'SELECT 1/0;'
	query "UPDATE directus_fields SET note = 'edited' WHERE collection = 'vehicles' AND field = 'plate'"
	start_boot "$LOG"
	status_of "$boot"
	equal "$status" 1
	equal "$(stored completed)" false

	rm "$DIR/900_fails.sql"
	run -0 decide
	equal "$output" 'full: the last boot was not completed'
}

@test "two images start at once: the older one waits for the newer one's boot and is then refused" {
	cp -r "$ROOT/db-init" "$BATS_TEST_TMPDIR"
	DIR="$BATS_TEST_TMPDIR/db-init"
	migration 900_newer.sql 'SELECT pg_sleep(3);'
	DB_INIT_PATH="$DIR" start_boot "$LOG.newer"
	local newer=$port
	eventually 30 is_sleeping
	start_boot "$LOG.older"
	status_of "$boot"
	equal "$status" 1
	run cat "$LOG.older"
	expect 'waiting for the lock trm.boot'
	expect '900_newer.sql is applied but not in'
	expect 'this image is older than the database'
	serves_or_show 60 "$newer" "$LOG.newer"
}
