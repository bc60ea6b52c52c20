# shellcheck shell=bash
# For the tests of scripts/apply-db-init.sh that have loaded helpers.bash: a database and a directory of migrations, both empty.

prepare_runner() {
	use_server "${TEST_PG_URL:?give the superuser URL of a Postgres for the tests}"
	create_database
	DIR="$BATS_TEST_TMPDIR/db-init"
	mkdir "$DIR"
}

three_migrations() {
	migration 001_a.sql 'CREATE TABLE a (id int);'
	migration 002_b.sql 'CREATE TABLE b (id int);'
	migration 003_c.sql 'CREATE TABLE c (id int);'
}
