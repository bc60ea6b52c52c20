-- Facts about this database that outlive a process: which seed was loaded, which image last completed its boot.
CREATE TABLE trm.state (
	key        text PRIMARY KEY,
	value      jsonb NOT NULL,
	updated_at timestamptz NOT NULL DEFAULT now()
);
