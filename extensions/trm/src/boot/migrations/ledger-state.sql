-- What is there of the ledger. A database from before the baseline has one without kinds.
SELECT to_regclass('trm.migration_ledger') IS NOT NULL AS "hasLedger",
	to_regclass('trm.missing_objects') IS NOT NULL AS "hasObjects",
	EXISTS (
		SELECT FROM pg_attribute WHERE attrelid = to_regclass('trm.migration_ledger') AND attname = 'kind' AND NOT attisdropped
	) AS "hasKinds";
