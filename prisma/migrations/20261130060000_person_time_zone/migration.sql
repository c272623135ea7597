-- The zone in which a person reads times on every screen; null until they chose one.
ALTER TABLE "person" ADD COLUMN "time_zone" TEXT
  CONSTRAINT "person_time_zone_check" CHECK (char_length("time_zone") BETWEEN 1 AND 64);

GRANT UPDATE ("time_zone") ON "person" TO auditorium_application;
