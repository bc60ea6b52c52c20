-- The collections exist now, and the roles of db-init/007 get their rights to them.

SET LOCAL lock_timeout = '5s';
-- 007 has said what is missing.
SET LOCAL client_min_messages = error;

DO $$
BEGIN
	PERFORM trm.grant_least_privilege();
END
$$;
