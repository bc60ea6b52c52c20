-- :lacking_objects, how many triggers and constraints of db-init/after-schema/ are gone; "unknown" before after-schema/006.
\set lacking_objects unknown
SELECT to_regprocedure('trm.missing_after_schema_objects()') IS NOT NULL AS can_count_objects \gset
\if :can_count_objects
SELECT count(*) AS lacking_objects FROM trm.missing_after_schema_objects() \gset
\endif
