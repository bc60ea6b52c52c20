-- Least privilege in the database: two roles for those who use it without owning it. trm_directus is a serving Directus,
-- trm_processor the processor. Neither has a password or may log in: the deployer makes logins in them, or of them
-- (docs/database-roles.md). Roles belong to the cluster, what they may do to this database.

SET LOCAL lock_timeout = '5s';

-- Everything that the two roles may do, and the only place that says so. Takes all away first, so that what a former
-- version gave or somebody else did is gone; in one transaction, so that nobody misses a right meanwhile. Whoever adds a
-- table or a column that one of them needs replaces this function. Tables that are not there yet are passed over: it is
-- called again once the collections exist, and by each boot that runs all steps.
CREATE FUNCTION trm.grant_least_privilege() RETURNS void
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
	grantee name;
	item record;
BEGIN
	-- PUBLIC is everybody: nothing of trm, and no objects of their own in public, where Postgres before 15 lets them.
	REVOKE ALL ON SCHEMA trm FROM PUBLIC;

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

	FOREACH grantee IN ARRAY present LOOP
		EXECUTE format('REVOKE ALL ON SCHEMA trm FROM %I', grantee);
		EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public REVOKE ALL ON TABLES FROM %I', owner, grantee);
		EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public REVOKE ALL ON SEQUENCES FROM %I', owner, grantee);

		-- Where it is not ours, everybody may look things up in public all the same, unless somebody took care to forbid it.
		IF owns_public THEN
			EXECUTE format('REVOKE ALL ON SCHEMA public FROM %I', grantee);
			EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', grantee);
		END IF;
	END LOOP;

	FOR item IN
		SELECT pg_proc.oid::regprocedure AS name
		FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
		WHERE nspname = 'trm' AND pg_has_role(proowner, 'USAGE')
	LOOP
		EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', item.name);
		FOREACH grantee IN ARRAY present LOOP
			EXECUTE format('REVOKE ALL ON ROUTINE %s FROM %I', item.name, grantee);
		END LOOP;
	END LOOP;

	-- Tables, views and sequences of ours: an extension's, and what another role made here, are not ours to give.
	FOR item IN
		SELECT
			format('%I.%I', nspname, relname) AS name, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
			nspname = 'trm' AS is_internal,
			nspname = 'public' AND relname <> 'positions' AS is_directus
		FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
		WHERE nspname IN ('public', 'trm') AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
			AND pg_has_role(relowner, 'USAGE')
			AND NOT EXISTS (
				SELECT FROM pg_depend
				WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
			)
	LOOP
		IF item.is_internal THEN
			EXECUTE format('REVOKE ALL ON %s %s FROM PUBLIC', item.kind, item.name);
		END IF;
		FOREACH grantee IN ARRAY present LOOP
			EXECUTE format('REVOKE ALL ON %s %s FROM %I', item.kind, item.name, grantee);
		END LOOP;

		-- Directus's own tables and the collections. UPDATE of a sequence is setval(), after items with given ids.
		IF item.is_directus AND 'trm_directus' = ANY (present) THEN
			IF item.kind = 'SEQUENCE' THEN
				EXECUTE format('GRANT USAGE, UPDATE ON SEQUENCE %s TO trm_directus', item.name);
			ELSE
				EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO trm_directus', item.name);
			END IF;
		END IF;
	END LOOP;

	IF 'trm_directus' = ANY (present) THEN
		-- The collections of tomorrow, and the tables of the next Directus.
		EXECUTE format(
			'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO trm_directus',
			owner
		);
		EXECUTE format(
			'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT USAGE, UPDATE ON SEQUENCES TO trm_directus',
			owner
		);
		GRANT USAGE ON SCHEMA trm TO trm_directus;
	END IF;

	-- Without columns: the whole table.
	FOR item IN
		SELECT grants.grantee, privilege, on_table, CASE WHEN columns IS NOT NULL THEN format(' (%s)', there) ELSE '' END AS columns
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
			('trm_directus', 'SELECT', 'trm.state', NULL)
		) AS grants (grantee, privilege, on_table, columns)
		CROSS JOIN LATERAL (
			SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
			FROM pg_attribute
			WHERE attrelid = to_regclass(on_table) AND attnum > 0 AND NOT attisdropped
				AND attname = ANY (string_to_array(columns, ' '))
		) AS attributes (there)
		WHERE pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass(on_table)), 'USAGE')
			AND (columns IS NULL OR there IS NOT NULL) AND grants.grantee = ANY (present::text[])
	LOOP
		EXECUTE format('GRANT %s%s ON TABLE %s TO %I', item.privilege, item.columns, item.on_table, item.grantee);
	END LOOP;

	FOR item IN
		SELECT function
		FROM (VALUES
			('trm.event_stream_leader()'),
			('trm.depose_silent_leader(interval)'),
			-- What the server asks before it serves.
			('trm.expected_after_schema_objects()'),
			('trm.missing_after_schema_objects()')
		) AS functions (function)
		WHERE to_regprocedure(function) IS NOT NULL AND 'trm_directus' = ANY (present)
	LOOP
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO trm_directus', item.function);
	END LOOP;
END
$$;

COMMENT ON FUNCTION trm.grant_least_privilege() IS 'takes all rights from trm_directus and trm_processor and gives them what they need';

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
