-- Gives trm_directus and trm_processor their rights anew. What is wrong with the roles db-init/007 has said; before it
-- there is nothing to call.
SELECT to_regprocedure('trm.grant_least_privilege()') IS NOT NULL AS can_grant \gset
\if :can_grant
SET client_min_messages = error;
SELECT trm.grant_least_privilege() \g /dev/null
RESET client_min_messages;
\endif
