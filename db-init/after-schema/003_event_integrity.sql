-- What must agree inside one event; the snapshot's validation sees one field at a time.

ALTER TABLE public.events
	ADD CONSTRAINT events_end_date_not_before_start_date CHECK (end_date >= start_date);

-- Refuses a zone that Postgres does not know (22023): results and the admin UI are computed in it.
ALTER TABLE public.events
	ADD CONSTRAINT events_timezone_known CHECK (timezone(timezone, timestamptz '2000-01-01 00:00:00Z') IS NOT NULL);

ALTER TABLE public.classes
	ADD CONSTRAINT classes_parent_is_another CHECK (parent <> id);

-- Foreign keys over two columns are invisible to Directus, so they change neither its relations nor the snapshot.
ALTER TABLE public.classes
	ADD CONSTRAINT classes_id_event_unique UNIQUE (id, event);

ALTER TABLE public.classes
	ADD CONSTRAINT classes_parent_of_same_event
	FOREIGN KEY (parent, event) REFERENCES public.classes (id, event) ON DELETE SET NULL (parent);

ALTER TABLE public.entries
	ADD CONSTRAINT entries_class_of_same_event
	FOREIGN KEY (class, event) REFERENCES public.classes (id, event);
