#!/usr/bin/env bats
# How the roles of db-init/current/privileges.sql come to be: on a cluster of its own, since roles belong to all databases of one.
# shellcheck disable=SC2030,SC2034,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; output and lines come from bats

load helpers

setup_file() {
	create_cluster
	sql postgres 'CREATE ROLE owner LOGIN'
	export DB_DATABASE=template_of_owner
	sql postgres "CREATE DATABASE $DB_DATABASE OWNER owner"
	query 'CREATE EXTENSION postgis; CREATE EXTENSION btree_gist'
	mkdir "$BATS_FILE_TMPDIR/current"
	cp "$ROOT"/db-init/current/{event-stream,privileges}.sql "$BATS_FILE_TMPDIR/current"
}

# The tables, and of current/ what needs no collections.
migrate() {
	"$RUNNER" "$ROOT/db-init" && "$RUNNER" "$BATS_FILE_TMPDIR/current"
}

teardown_file() {
	remove_cluster
}

setup() {
	export DB_DATABASE="trm_bats_roles_$BATS_TEST_NUMBER"
	sql postgres "CREATE DATABASE $DB_DATABASE TEMPLATE template_of_owner OWNER owner"
}

teardown() {
	sql postgres "DROP DATABASE IF EXISTS $DB_DATABASE WITH (FORCE)"
}

as_owner() {
	DB_USER=owner "$@"
}

rights_of_processor() {
	query "SELECT has_any_column_privilege('trm_processor', 'positions', 'INSERT') AND NOT has_any_column_privilege('trm_processor', 'positions', 'UPDATE')"
}

# The tests come in this order: the first finds a cluster without the roles, and so does the second.

@test "an owner who may not create roles goes on, and says what a superuser is to do; that, as it stands, gives the rights" {
	as_owner run migrate
	equal "$status" 0
	expect 'applied current/privileges.sql'
	expect 'WARNING:  without the role trm_directus and trm_processor'
	equal "$(query "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'trm\\_%'")" 0

	# As a deployer would copy it out of the log.
	local hint
	hint="$(sed -n 's/.*HINT:  As a superuser, in this database: //p' <<<"$output")"
	expect 'CREATE ROLE trm_processor NOLOGIN'
	query "$hint"
	equal "$(query "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'trm\\_%' AND NOT rolcanlogin")" 'trm_directus trm_processor'
	equal "$(rights_of_processor)" t
	# What the owner makes from now on, although a superuser has called the function.
	as_owner query 'CREATE TABLE tomorrow ()'
	equal "$(query "SELECT has_table_privilege('trm_directus', 'tomorrow', 'DELETE')")" t
	sql "$DB_DATABASE" 'DROP OWNED BY trm_directus, trm_processor; DROP ROLE trm_directus, trm_processor'
}

@test "databases that are migrated at once on a cluster without the roles do not hinder each other" {
	local n pids=() failed=0
	for n in 1 2 3 4 5 6; do
		sql postgres "CREATE DATABASE trm_bats_race_$n TEMPLATE template_of_owner"
	done
	for n in 1 2 3 4 5 6; do
		DB_DATABASE="trm_bats_race_$n" migrate >"$BATS_TEST_TMPDIR/$n" 2>&1 3>&- &
		pids+=("$!")
	done
	for n in "${pids[@]}"; do wait "$n" || failed=$((failed + 1)); done
	((failed == 0)) || { cat "$BATS_TEST_TMPDIR"/?; return 1; }
	for n in 1 2 3 4 5 6; do
		equal "$(sql "trm_bats_race_$n" "SELECT has_table_privilege('trm_directus', 'trm.event_outbox', 'DELETE')")" t
		sql postgres "DROP DATABASE trm_bats_race_$n"
	done
}

@test "an owner without any right on roles gives the rights where the roles are there" {
	as_owner run migrate
	equal "$status" 0
	reject WARNING
	equal "$(rights_of_processor)" t
}

@test "an owner who is called trm_directus keeps its rights, and is told" {
	sql postgres "ALTER ROLE trm_directus LOGIN; ALTER DATABASE $DB_DATABASE OWNER TO trm_directus"
	DB_USER=trm_directus run migrate
	equal "$status" 0
	expect 'WARNING:  the role trm_directus owns this database'
	DB_USER=trm_directus query 'UPDATE trm.event_stream SET singleton = true; TRUNCATE positions'
	equal "$(rights_of_processor)" t
	sql postgres "ALTER ROLE trm_directus NOLOGIN; ALTER DATABASE $DB_DATABASE OWNER TO owner"
}

@test "where everybody may create in public, as before Postgres 15, only the owner may afterwards, or the log says how" {
	query 'ALTER SCHEMA public OWNER TO postgres; GRANT CREATE ON SCHEMA public TO PUBLIC'
	as_owner run migrate
	equal "$status" 0
	expect 'WARNING:  every login may create objects in schema public'
	query "$(sed -n 's/.*HINT:  As a superuser, in this database: \(GRANT USAGE.*\)/\1/p' <<<"$output")"
	equal "$(query "SELECT has_schema_privilege('trm_processor', 'public', 'CREATE'), has_schema_privilege('owner', 'public', 'CREATE')")" 'f|t'

	query 'GRANT CREATE ON SCHEMA public TO PUBLIC; REVOKE CREATE ON SCHEMA public FROM owner; SELECT trm.grant_least_privilege()'
	equal "$(query "SELECT has_schema_privilege('trm_processor', 'public', 'CREATE'), has_schema_privilege('owner', 'public', 'CREATE')")" 'f|t'
}
