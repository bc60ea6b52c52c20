-- What our sessions rely on, the boot's, the commands' and the server's alike, whatever ALTER DATABASE, ALTER ROLE and postgresql.conf
-- say. By statements: PgBouncer refuses the startup parameter "options", or drops it unsaid.

-- Otherwise a role called trm would fill the schema trm.
SET search_path = public;

-- node-postgres reads dates, intervals and bytes in these formats only, and we compare times as text.
SET DateStyle = 'ISO, MDY';
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SET client_encoding = 'UTF8';

SET standard_conforming_strings = on;
SET transform_null_equals = off;
SET array_nulls = on;
SET default_transaction_isolation = 'read committed';
SET default_transaction_deferrable = off;
SET client_min_messages = notice;
