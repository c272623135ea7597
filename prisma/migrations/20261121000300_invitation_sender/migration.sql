-- Whoever sends an invitation again vouches for it from then on.
GRANT UPDATE ("created_by_id") ON "invitation" TO auditorium_application;
