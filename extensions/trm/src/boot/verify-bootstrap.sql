-- After Directus's bootstrap, where its tables are there: without the note of begin-bootstrap.sql when there is a user.
DELETE FROM trm.state WHERE key = 'bootstrap.installing' AND EXISTS (SELECT FROM public.directus_users);
