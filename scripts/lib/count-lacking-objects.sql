-- :lacking_objects, how much of what the files of db-init/ made is gone; "unknown" before the first of them.
\set lacking_objects unknown
SELECT to_regclass('trm.missing_objects') IS NOT NULL AS can_count_objects \gset
\if :can_count_objects
SELECT count(*) AS lacking_objects FROM trm.missing_objects \gset
\endif
