-- The sessions of the boot: a migration takes what it takes, and the lock is held for as long.
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_session_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
-- Else a backend whose client was killed finishes its statement with our lock in hand.
SET client_connection_check_interval = '1s';
