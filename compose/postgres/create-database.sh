#!/usr/bin/env bash
# Run once by the database image, when the volume is empty. Role directus owns database trm and nothing more: only what
# needs a superuser is done by one. The role must not be called trm, or Directus's tables would land in schema trm.
set -euo pipefail

DB_PASSWORD="$(</run/secrets/db_password)"
# Not with -v: everybody can read a command line.
export DB_PASSWORD

psql -X -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
\getenv password DB_PASSWORD
CREATE ROLE directus LOGIN PASSWORD :'password';
-- Without logins of their own; what they may do the migrations say (docs/database-roles.md).
CREATE ROLE trm_directus NOLOGIN;
CREATE ROLE trm_processor NOLOGIN;
CREATE DATABASE trm OWNER directus;
-- What a statement may write beside its memory, which only a superuser can limit: else one query could fill the disk.
ALTER ROLE directus SET temp_file_limit = '5GB';
SQL

psql -X -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d trm <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SELECT 'CREATE EXTENSION IF NOT EXISTS timescaledb'
WHERE current_setting('shared_preload_libraries') ~ '\mtimescaledb\M' \gexec
SQL
