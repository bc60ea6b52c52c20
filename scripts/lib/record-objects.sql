-- What the file :'file' made or removed, by comparison with trm_present, which was made before it ran.
INSERT INTO trm.made_objects (kind, name, on_table, file)
SELECT kind, name, on_table, :'file' FROM trm.present_objects
EXCEPT SELECT kind, name, on_table, :'file' FROM pg_temp.trm_present
ON CONFLICT (kind, name, on_table) DO UPDATE SET file = EXCLUDED.file;

DELETE FROM trm.made_objects AS made USING pg_temp.trm_present AS before
WHERE (made.kind, made.name, made.on_table) = (before.kind, before.name, before.on_table)
	AND NOT EXISTS (
		SELECT FROM trm.present_objects AS present
		WHERE (present.kind, present.name, present.on_table) = (made.kind, made.name, made.on_table)
	);
