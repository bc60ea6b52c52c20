-- What a user may reach, as lists on the user: a permission compares a key with one of them. Behind a list of rows Directus would join these
-- for each question and repeat rows; of a variable behind a relation it reads at most a hundred rows. Never empty: of a validation with an
-- empty list Directus takes every value, and of one that holds null only null, which no row has.

-- The read comes after the user's row is locked, so it sees what the transaction that had the lock before has committed.
CREATE OR REPLACE FUNCTION trm.set_user_rights() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	-- In order, so that the same rights are the same text.
	SELECT coalesce(json_agg(organization ORDER BY organization), '[null]'),
		coalesce(json_agg(owns ORDER BY owns) FILTER (WHERE owns IS NOT NULL), '[null]'),
		coalesce(json_agg(directs ORDER BY directs) FILTER (WHERE directs IS NOT NULL), '[null]'),
		coalesce(json_agg(operates ORDER BY operates) FILTER (WHERE operates IS NOT NULL), '[null]'),
		coalesce(json_agg(times ORDER BY times) FILTER (WHERE times IS NOT NULL), '[null]'),
		coalesce(json_agg(tracks ORDER BY tracks) FILTER (WHERE tracks IS NOT NULL), '[null]')
	INTO NEW.member_of, NEW.owns, NEW.directs, NEW.operates, NEW.times, NEW.tracks
	FROM organization_users WHERE "user" = NEW.id;

	SELECT coalesce(json_agg(DISTINCT loan.vehicle), '[null]')
	INTO NEW.borrowed_vehicles
	FROM organization_users AS membership
	JOIN organization_vehicles AS loan ON loan.organization = membership.organization
	WHERE membership."user" = NEW.id;

	SELECT coalesce(json_agg(DISTINCT loan.device), '[null]')
	INTO NEW.borrowed_devices
	FROM organization_users AS membership
	JOIN organization_devices AS loan ON loan.organization = membership.tracks
	WHERE membership."user" = NEW.id;

	SELECT coalesce(json_agg(DISTINCT entry.id), '[null]'),
		coalesce(json_agg(DISTINCT entry.vehicle) FILTER (WHERE entry.vehicle IS NOT NULL), '[null]')
	INTO NEW.rides, NEW.drives
	FROM entry_crew AS crew JOIN entries AS entry ON entry.id = crew.entry
	WHERE crew."user" = NEW.id;

	RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trm_set_user_rights
	BEFORE INSERT OR UPDATE OF
		member_of, owns, directs, operates, times, tracks, borrowed_vehicles, borrowed_devices, rides, drives
	ON public.directus_users
	FOR EACH ROW EXECUTE FUNCTION trm.set_user_rights();

-- In order of their keys: two transactions that concern the same users wait for one another, and not in a circle.
CREATE OR REPLACE FUNCTION trm.refresh_user_lists(users uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	PERFORM FROM directus_users WHERE id = ANY (users) ORDER BY id FOR NO KEY UPDATE;
	UPDATE directus_users SET member_of = NULL WHERE id = ANY (users);
END
$$;

CREATE OR REPLACE FUNCTION trm.note_membership() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	-- A loan to the same organisation waits until this membership is committed, or this one for the loan. Not by the organisation's row: a
	-- lost right must not wait for a write that it ends.
	PERFORM pg_advisory_xact_lock_shared(hashtext('trm.loans'), hashtext(id::text))
	FROM (SELECT DISTINCT unnest(ARRAY[OLD.organization, NEW.organization]) AS id ORDER BY id) AS organisations
	WHERE id IS NOT NULL;
	PERFORM trm.refresh_user_lists(ARRAY[OLD."user", NEW."user"]);
	RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trm_note_membership
	AFTER INSERT OR UPDATE OF organization, "user", role OR DELETE ON public.organization_users
	FOR EACH ROW EXECUTE FUNCTION trm.note_membership();

-- For the members of all organisations that a statement lent to, or whose loans it ended.
CREATE OR REPLACE FUNCTION trm.note_loans() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	borrowers uuid[];
BEGIN
	CASE TG_OP
		WHEN 'INSERT' THEN borrowers := ARRAY(SELECT organization FROM after);
		WHEN 'DELETE' THEN borrowers := ARRAY(SELECT organization FROM before);
		ELSE borrowers := ARRAY(SELECT organization FROM before UNION SELECT organization FROM after);
	END CASE;

	PERFORM pg_advisory_xact_lock(hashtext('trm.loans'), hashtext(id::text))
	FROM (SELECT DISTINCT unnest(borrowers) AS id ORDER BY id) AS organisations;
	PERFORM trm.refresh_user_lists(ARRAY(SELECT "user" FROM organization_users WHERE organization = ANY (borrowers)));
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION trm.note_crew() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	users uuid[];
	joined uuid[];
BEGIN
	CASE TG_OP
		WHEN 'INSERT' THEN
			users := ARRAY(SELECT "user" FROM after WHERE "user" IS NOT NULL);
			joined := ARRAY(SELECT entry FROM after WHERE "user" IS NOT NULL);
		WHEN 'DELETE' THEN
			users := ARRAY(SELECT "user" FROM before WHERE "user" IS NOT NULL);
		ELSE
			WITH changed AS (
				SELECT before."user" AS former, after."user" AS present, after.entry
				FROM before JOIN after USING (id)
				WHERE (before."user", before.entry) IS DISTINCT FROM (after."user", after.entry)
			)
			SELECT array_agg(former) || array_agg(present), array_agg(entry) INTO users, joined FROM changed;
	END CASE;

	IF coalesce(cardinality(users), 0) = 0 THEN
		RETURN NULL;
	END IF;

	-- A change of the entry's vehicle waits until this is committed, or this for it.
	PERFORM FROM entries WHERE id = ANY (joined) ORDER BY id FOR SHARE;
	PERFORM trm.refresh_user_lists(users);
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION trm.note_vehicles_of_crews() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
	users uuid[] := ARRAY(
		SELECT crew."user"
		FROM before JOIN after USING (id) JOIN entry_crew AS crew ON crew.entry = after.id
		WHERE before.vehicle IS DISTINCT FROM after.vehicle AND crew."user" IS NOT NULL
	);
BEGIN
	IF cardinality(users) > 0 THEN
		PERFORM trm.refresh_user_lists(users);
	END IF;
	RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trm_note_vehicles_of_crews
	AFTER UPDATE ON public.entries
	REFERENCING OLD TABLE AS before NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION trm.note_vehicles_of_crews();

CREATE OR REPLACE FUNCTION trm.note_emptied_table() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
	UPDATE directus_users SET member_of = NULL;
	RETURN NULL;
END
$$;

-- A trigger with tables of its rows takes one kind of statement, and no list of columns.
DO $$
DECLARE
	noted record;
BEGIN
	FOR noted IN
		SELECT * FROM (VALUES
			('organization_vehicles', 'note_loans'), ('organization_devices', 'note_loans'), ('entry_crew', 'note_crew')
		) AS tables (name, function)
		CROSS JOIN (VALUES
			('INSERT', 'NEW TABLE AS after'),
			('DELETE', 'OLD TABLE AS before'),
			('UPDATE', 'OLD TABLE AS before NEW TABLE AS after')
		) AS kinds (statement, rows)
	LOOP
		EXECUTE format(
			'CREATE OR REPLACE TRIGGER trm_%s_%s AFTER %s ON public.%I REFERENCING %s
				FOR EACH STATEMENT EXECUTE FUNCTION trm.%I()',
			noted.function, lower(noted.statement), noted.statement, noted.name, noted.rows, noted.function
		);
	END LOOP;

	FOR noted IN SELECT unnest(ARRAY['organization_users', 'organization_vehicles', 'organization_devices', 'entry_crew']) AS name LOOP
		EXECUTE format(
			'CREATE OR REPLACE TRIGGER trm_note_emptied_table AFTER TRUNCATE ON public.%I
				FOR EACH STATEMENT EXECUTE FUNCTION trm.note_emptied_table()',
			noted.name
		);
	END LOOP;
END
$$;

-- Users from before one of these lists.
UPDATE public.directus_users SET member_of = NULL;
