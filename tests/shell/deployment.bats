#!/usr/bin/env bats
# What a deployer, a developer with Docker and a forge run: secrets, dev:reset's refusals, the snapshot dry run, names of a release.
load helpers

setup() {
	DIRECTORY="$BATS_TEST_TMPDIR/secrets"
	MAKE="$ROOT/scripts/make-secrets.sh"
}

# All programs of this machine but Docker's.
path_without_docker() {
	mkdir "$BATS_TEST_TMPDIR/bin"
	find /usr/bin /bin -maxdepth 1 ! -name 'docker*' ! -type d -exec ln -sf -t "$BATS_TEST_TMPDIR/bin" {} +
	printf '%s' "$BATS_TEST_TMPDIR/bin"
}

@test "make-secrets.sh makes each secret once, in a directory closed to other users" {
	run "$MAKE" "$DIRECTORY"
	equal "$status" 0
	expect 'made in'
	equal "$(stat -c %a "$DIRECTORY")" 700
	equal "$(cat "$DIRECTORY"/* | wc -l)" 8
	equal "$(sort "$DIRECTORY"/{secret,admin_password,db_password,postgres_password,redis_password} | uniq -d)" ''

	local before
	before="$(cat "$DIRECTORY"/*)"
	run "$MAKE" "$DIRECTORY"
	equal "$status" 0
	expect 'nothing to make'
	equal "$(cat "$DIRECTORY"/*)" "$before"
}

@test "make-secrets.sh makes the files of Redis from one password, and refuses to guess it" {
	"$MAKE" "$DIRECTORY"
	local password
	password="$(<"$DIRECTORY/redis_password")"
	equal "$(<"$DIRECTORY/redis_url")" "redis://trm:$password@redis:6379/0"
	grep -qF "#$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)" "$DIRECTORY/redis_acl"
	if grep -qF "$password" "$DIRECTORY/redis_acl"; then return 1; fi

	rm -f "$DIRECTORY/redis_acl"
	run "$MAKE" "$DIRECTORY"
	equal "$status" 0
	grep -qF "#$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)" "$DIRECTORY/redis_acl"

	rm -f "$DIRECTORY/redis_password"
	run "$MAKE" "$DIRECTORY"
	equal "$status" 78
	expect 'redis_password is missing'
	[ ! -e "$DIRECTORY/redis_password" ]
}

@test "the Redis of compose.yaml lets nobody in without the secret" {
	"$MAKE" "$DIRECTORY"
	local port pid
	port="$(free_port)"
	sed -e "s,/run/secrets/redis_acl,$DIRECTORY/redis_acl," -e "s,^dir .*,dir $BATS_TEST_TMPDIR," "$ROOT/compose/redis/redis.conf" >"$BATS_TEST_TMPDIR/redis.conf"
	redis-server "$BATS_TEST_TMPDIR/redis.conf" --port "$port" --bind 127.0.0.1 >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	pid=$!
	eventually 10 log_has "$BATS_TEST_TMPDIR/log" 'Ready to accept connections'
	run redis-cli -p "$port" XADD trm:events '1-0' a b
	expect NOAUTH
	REDISCLI_AUTH="$(<"$DIRECTORY/redis_password")" run redis-cli -p "$port" --user trm XADD trm:events '1-0' a b
	expect '1-0'
	REDISCLI_AUTH="$(<"$DIRECTORY/redis_password")" run redis-cli -p "$port" --user trm CONFIG GET 'maxmemory-policy'
	expect noeviction
	kill "$pid"
	status_of "$pid"
	equal "$status" 0
}

@test "dev:reset refuses arguments that it does not know, and projects that may be somebody else's" {
	run npm run -s dev:reset -- --everything
	equal "$status" 64
	expect '--everything'
	TRM_DEV_PROJECT=production run npm run -s dev:reset -- --yes
	equal "$status" 78
	expect 'TRM_DEV_PROJECT=production'
	TRM_SEED=rally-atlantis run npm run -s dev:reset -- --yes
	equal "$status" 78
	expect 'there is no seeds/rally-atlantis'
}

@test "dev:reset says what is missing where there is no docker" {
	PATH="$(path_without_docker)" run "$ROOT/scripts/dev-reset.sh" --yes
	equal "$status" 69
	expect 'There is no docker here'
	expect 'npm start'
}

@test "dev:reset says so when no engine answers, and touches nothing" {
	command -v docker >/dev/null || skip 'there is no docker on this machine'
	DOCKER_HOST="unix://$BATS_TEST_TMPDIR/none.sock" TRM_STATE_DIR="$BATS_TEST_TMPDIR/state" run "$ROOT/scripts/dev-reset.sh" --yes
	equal "$status" 69
	expect 'The Docker engine does not answer'
	[ ! -e "$BATS_TEST_TMPDIR/state/compose-dev" ]
}

@test "the snapshot dry run finds nothing left to apply, and leaves nothing behind" {
	run "$ROOT/scripts/ci/snapshot-dry-run.sh"
	echo "$output"
	equal "$status" 0
	expect 'nothing is left to apply'
	use_server "$TEST_PG_URL"
	equal "$(sql postgres "SELECT count(*) FROM pg_database WHERE datname LIKE 'trm_dry_run_%'")" 0
}

@test "the snapshot dry run fails on a migration that contradicts the snapshot" {
	cp -r "$ROOT/db-init" "$BATS_TEST_TMPDIR/db-init"
	echo "ALTER TABLE vehicles ALTER COLUMN make SET DEFAULT 'none';" >"$BATS_TEST_TMPDIR/db-init/after-schema/900_contradiction.sql"
	DB_INIT_PATH="$BATS_TEST_TMPDIR/db-init" run "$ROOT/scripts/ci/snapshot-dry-run.sh"
	equal "$status" 1
	expect 'something is left to apply'
	use_server "$TEST_PG_URL"
	equal "$(sql postgres "SELECT count(*) FROM pg_database WHERE datname LIKE 'trm_dry_run_%'")" 0
}

@test "the snapshot dry run refuses to guess a server" {
	TEST_PG_URL='' run "$ROOT/scripts/ci/snapshot-dry-run.sh"
	equal "$status" 78
	expect 'TEST_PG_URL is missing'
}

@test "a release is published under its version and X.Y, one before it under its version only" {
	export REGISTRY=git.example.com IMAGE=Owner/TRM-Directus
	run "$ROOT/scripts/ci/image-names.sh" v1.2.3
	equal "$output" $'version=1.2.3\ntags=git.example.com/owner/trm-directus:1.2.3,git.example.com/owner/trm-directus:1.2'
	run "$ROOT/scripts/ci/image-names.sh" v1.2.3-rc.1
	equal "$output" $'version=1.2.3-rc.1\ntags=git.example.com/owner/trm-directus:1.2.3-rc.1'
	for tag in latest v1 v1.2.3.4 'v1.2.3 latest'; do
		run "$ROOT/scripts/ci/image-names.sh" "$tag"
		equal "$status" 78
	done
	REGISTRY='' run "$ROOT/scripts/ci/image-names.sh" v1.2.3
	equal "$status" 78
}
