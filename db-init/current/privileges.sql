-- Least privilege in the database: two roles for those who use it without owning it. trm_directus is a serving Directus,
-- trm_processor the processor. Neither has a password or may log in: the deployer makes logins in them, or of them
-- (docs/database-roles.md). Roles belong to the cluster, what they may do to this database.

-- The tables, views and sequences whose privileges are ours to give: not an extension's, and not what another role made here.
CREATE OR REPLACE VIEW trm.own_relations AS
SELECT
	pg_class.oid, nspname, relname, relacl, format('%I.%I', nspname, relname) AS name,
	CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname IN ('public', 'trm') AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
	AND pg_has_role(relowner, 'USAGE')
	AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e');

-- Everything that the two roles may do, and the only place that says so. Tables that are not there yet have no rows in it.
CREATE OR REPLACE VIEW trm.wanted_privileges (kind, object, attribute, grantee, privilege) AS
-- Directus's own tables and the collections, those of tomorrow too, and the tables of the next Directus. UPDATE of a sequence
-- is setval(), after items with given ids.
SELECT kind, name, NULL::name, 'trm_directus'::name, privilege
FROM trm.own_relations, unnest(
	CASE kind WHEN 'SEQUENCE' THEN '{USAGE,UPDATE}'::text[] ELSE '{SELECT,INSERT,UPDATE,DELETE}' END
) AS privilege
WHERE nspname = 'public' AND relname <> 'positions'
UNION ALL
SELECT kind, 'public', NULL, 'trm_directus', privilege
FROM (VALUES
	('DEFAULT TABLES', '{SELECT,INSERT,UPDATE,DELETE}'::text[]),
	('DEFAULT SEQUENCES', '{USAGE,UPDATE}')
) AS defaults (kind, privileges), unnest(privileges) AS privilege
UNION ALL
SELECT 'SCHEMA', nspname, NULL, grantee, 'USAGE'
FROM (VALUES ('trm'::name, 'trm_directus'::name), ('public', 'trm_directus'), ('public', 'trm_processor')) AS schemas (name, grantee)
JOIN pg_namespace ON nspname = name
-- Where public has another owner, every role may look things up there anyway, unless its owner forbids it.
WHERE pg_has_role(nspowner, 'USAGE')
UNION ALL
-- Without columns: the whole table.
SELECT 'TABLE', name, attname, grantee, privilege
FROM (VALUES
	-- The fixes. ON CONFLICT DO NOTHING looks at the key, and so needs SELECT. faulty is the operators' alone.
	('trm_processor', 'SELECT', 'public.positions', NULL),
	('trm_processor', 'INSERT', 'public.positions',
		'device_id ts latitude longitude altitude angle speed satellites priority attributes received_at'),
	-- Who rides with which tracker. Nobody's name, no number plate, no user.
	('trm_processor', 'SELECT', 'public.events', NULL),
	('trm_processor', 'SELECT', 'public.classes', NULL),
	('trm_processor', 'SELECT', 'public.entries', 'id event class race_number status'),
	('trm_processor', 'SELECT', 'public.entry_devices', NULL),
	('trm_processor', 'SELECT', 'public.devices', 'id imei model protocol status'),
	('trm_processor', 'SELECT', 'public.position_flags', NULL),

	-- POST /positions/flag-faulty and the track.
	('trm_directus', 'SELECT', 'public.positions', NULL),
	('trm_directus', 'UPDATE', 'public.positions', 'faulty'),
	-- The relay: gives sequences, tells of the stream itself, parks, deletes what expired. trm events retry puts parked
	-- events back with the id and the time that they had. The events of the collections are inserted by
	-- trm.emit_row_change() with the rights of its owner.
	('trm_directus', 'SELECT', 'trm.event_outbox', NULL),
	('trm_directus', 'INSERT', 'trm.event_outbox', 'event_id type subject occurred_at data stream_seq sequenced_at'),
	('trm_directus', 'UPDATE', 'trm.event_outbox', 'stream_seq sequenced_at'),
	('trm_directus', 'DELETE', 'trm.event_outbox', NULL),
	('trm_directus', 'SELECT', 'trm.event_stream', NULL),
	('trm_directus', 'UPDATE', 'trm.event_stream',
		'last_seq published_seq retained_from incarnation suspect_seq suspect_attempts'),
	('trm_directus', 'SELECT', 'trm.event_parked', NULL),
	('trm_directus', 'INSERT', 'trm.event_parked', 'event_id type subject occurred_at data notice_seq attempts error'),
	('trm_directus', 'DELETE', 'trm.event_parked', NULL),
	('trm_directus', 'SELECT', 'trm.event_relay', NULL),
	('trm_directus', 'UPDATE', 'trm.event_relay',
		'leader leader_pid leading_since reported_at redis_usable redis_problem redis_since stream stream_length '
		'stream_first stream_last groups rebuilt rewound parked trimmed_unread'),
	('trm_directus', 'SELECT', 'trm.event_stream_lag', NULL),
	-- The comparison of the ledger with the files, and a warm boot.
	('trm_directus', 'SELECT', 'trm.migration_ledger', NULL),
	('trm_directus', 'SELECT', 'trm.missing_objects', NULL),
	('trm_directus', 'SELECT', 'trm.state', NULL)
) AS privileges (grantee, privilege, on_table, columns)
JOIN trm.own_relations ON own_relations.oid = to_regclass(on_table)
LEFT JOIN pg_attribute ON attrelid = own_relations.oid AND attnum > 0 AND NOT attisdropped
	AND attname = ANY (string_to_array(columns, ' '))
WHERE columns IS NULL OR attname IS NOT NULL
UNION ALL
SELECT 'ROUTINE', to_regprocedure(function)::text, NULL, 'trm_directus', 'EXECUTE'
FROM (VALUES
	('trm.event_stream_leader()'),
	('trm.depose_silent_leader(interval)')
) AS functions (function)
WHERE to_regprocedure(function) IS NOT NULL;

-- What everybody and each role has been given of the same kinds of objects, by whichever version or hand.
CREATE OR REPLACE VIEW trm.given_privileges AS
SELECT
	kind, object, attribute, is_internal,
	CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee) END AS grantee, privilege_type AS privilege,
	is_grantable
FROM (
	SELECT 'SCHEMA' AS kind, nspname::text AS object, NULL::name AS attribute, nspname = 'trm' AS is_internal, nspacl AS acl
	FROM pg_namespace WHERE nspname IN ('trm', 'public') AND pg_has_role(nspowner, 'USAGE')
	UNION ALL
	SELECT kind, name, NULL, nspname = 'trm', relacl FROM trm.own_relations
	UNION ALL
	SELECT kind, name, attname, nspname = 'trm', attacl
	FROM trm.own_relations JOIN pg_attribute ON attrelid = own_relations.oid AND NOT attisdropped
	UNION ALL
	SELECT 'ROUTINE', pg_proc.oid::regprocedure::text, NULL, true, coalesce(proacl, acldefault('f', proowner))
	FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
	WHERE nspname = 'trm' AND pg_has_role(proowner, 'USAGE')
	UNION ALL
	SELECT CASE defaclobjtype WHEN 'S' THEN 'DEFAULT SEQUENCES' ELSE 'DEFAULT TABLES' END, 'public', NULL, false, defaclacl
	FROM pg_default_acl
	WHERE defaclnamespace = 'public'::regnamespace AND defaclobjtype IN ('r', 'S')
		AND defaclrole = (SELECT nspowner FROM pg_namespace WHERE nspname = 'trm')
) AS objects, aclexplode(acl) AS acl;

-- GRANT or REVOKE of one privilege; attributes are columns of a table, or only NULL.
CREATE OR REPLACE FUNCTION trm.privilege_statement(
	verb text, owner name, kind text, object text, grantee text, privilege text, attributes name[]
) RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = pg_catalog
AS $$
	SELECT
		CASE WHEN kind LIKE 'DEFAULT %' THEN format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %s ', owner, object) ELSE '' END
		|| format('%s %s%s ON ', verb, privilege, ' (' || (SELECT string_agg(quote_ident(name), ', ') FROM unnest(attributes) AS name) || ')')
		|| CASE WHEN kind LIKE 'DEFAULT %' THEN substr(kind, 9) ELSE format('%s %s', kind, object) END
		|| CASE verb WHEN 'GRANT' THEN ' TO ' ELSE ' FROM ' END
		|| CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END
		-- With what its grantee gave on.
		|| CASE WHEN verb = 'REVOKE' AND kind NOT LIKE 'DEFAULT %' THEN ' CASCADE' ELSE '' END
$$;

CREATE OR REPLACE FUNCTION trm.change_privilege(statement text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
	EXECUTE statement;
EXCEPTION
	-- TimescaleDB repeats it on the compressed table, which has no such columns.
	WHEN undefined_column THEN
		RAISE EXCEPTION 'TimescaleDB refuses "%" while positions is compressed', statement
			USING HINT = 'As a superuser, in this database: BEGIN; SET LOCAL timescaledb.restoring = on; '
				'SELECT trm.grant_least_privilege(); COMMIT;';
END
$$;

-- Takes away what was given and is not wanted, then gives what is wanted and was not given: so what a former version
-- or a superuser gave by hand is gone, in one transaction. Nothing is touched that is right already: TimescaleDB refuses to change
-- privileges of columns once a table is compressed, also when nothing would change. Called again
-- by each boot that runs all steps.
CREATE OR REPLACE FUNCTION trm.grant_least_privilege() RETURNS void
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path = pg_catalog
AS $$
DECLARE
	roles constant name[] := ARRAY['trm_directus', 'trm_processor'];
	owner constant name := (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'trm');
	owns_public constant boolean := (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public');
	missing name[];
	present name[];
	statement text;
BEGIN
	-- PUBLIC is everybody, and Postgres before 15 lets everybody create objects in public.
	IF has_schema_privilege('public', 'public', 'CREATE') THEN
		IF owns_public THEN
			-- The owner of the collections may have had it from nowhere else.
			EXECUTE format('GRANT USAGE, CREATE ON SCHEMA public TO %I', owner);
			REVOKE CREATE ON SCHEMA public FROM PUBLIC;
		ELSE
			RAISE WARNING 'every login may create objects in schema public'
				USING HINT = format(
					'As a superuser, in this database: GRANT USAGE, CREATE ON SCHEMA public TO %I; REVOKE CREATE ON SCHEMA public FROM PUBLIC;',
					owner
				);
		END IF;
	END IF;

	SELECT array_agg(role) FILTER (WHERE oid IS NULL), coalesce(array_agg(role) FILTER (WHERE oid IS NOT NULL), '{}')
	INTO missing, present
	FROM unnest(roles) AS role LEFT JOIN pg_roles ON rolname = role;

	IF missing IS NOT NULL THEN
		RAISE WARNING 'without the role %, Directus and the processor can only log in with more rights than they need',
			array_to_string(missing, ' and ')
			USING HINT = format(
				'As a superuser, in this database: %s SELECT trm.grant_least_privilege();',
				(SELECT string_agg(format('CREATE ROLE %I NOLOGIN;', role), ' ') FROM unnest(missing) AS role)
			);
	END IF;

	-- Its own rights are not taken from an owner who happens to be called like that.
	IF owner = ANY (roles) THEN
		RAISE WARNING 'the role % owns this database, so it is none with few rights and is left as it is', owner
			USING HINT = 'Let a role of another name own the database and its objects: docs/database-roles.md.';
		present := array_remove(present, owner);
	END IF;

	FOR statement IN
		SELECT trm.privilege_statement('REVOKE', owner, kind, object, grantee, privilege, array_agg(attribute))
		FROM (
			SELECT kind, object, attribute, grantee, privilege, is_grantable
			FROM trm.given_privileges WHERE grantee = ANY (present) OR grantee = 'PUBLIC' AND is_internal
			EXCEPT
			SELECT kind, object, attribute, grantee, privilege, false FROM trm.wanted_privileges
		) AS unwanted
		GROUP BY kind, object, grantee, privilege, attribute IS NULL
	LOOP
		PERFORM trm.change_privilege(statement);
	END LOOP;

	FOR statement IN
		SELECT trm.privilege_statement('GRANT', owner, kind, object, grantee, privilege, array_agg(attribute))
		FROM (
			SELECT kind, object, attribute, grantee, privilege FROM trm.wanted_privileges WHERE grantee = ANY (present)
			EXCEPT
			SELECT kind, object, attribute, grantee, privilege FROM trm.given_privileges
		) AS lacking
		GROUP BY kind, object, grantee, privilege, attribute IS NULL
	LOOP
		PERFORM trm.change_privilege(statement);
	END LOOP;
END
$$;

COMMENT ON FUNCTION trm.grant_least_privilege() IS 'brings the privileges of trm_directus and trm_processor to trm.wanted_privileges';

-- Databases of one cluster share the roles, and another one may be making them at this moment.
DO $$
DECLARE
	role name;
BEGIN
	FOREACH role IN ARRAY ARRAY['trm_directus', 'trm_processor'] LOOP
		BEGIN
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
				EXECUTE format('CREATE ROLE %I NOLOGIN', role);
			END IF;
		EXCEPTION
			WHEN duplicate_object OR unique_violation THEN
				NULL;
			-- trm.grant_least_privilege() says what is to be done then.
			WHEN insufficient_privilege THEN
				NULL;
		END;
	END LOOP;

	PERFORM trm.grant_least_privilege();
END
$$;
