-- What has been done once in this database and must not be done again: written down in the database itself, so that a copy of it
-- knows too.

-- CreateTable
CREATE TABLE "one_time_task" (
    "name" TEXT NOT NULL,
    "organization_id" UUID,
    "begun_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_task_pkey" PRIMARY KEY ("name")
);

GRANT SELECT, INSERT ON "one_time_task" TO auditorium_application;
GRANT UPDATE ("finished_at") ON "one_time_task" TO auditorium_application;

-- Whatever organizations there are, demo data is not to be added to them.
INSERT INTO "one_time_task" ("name", "finished_at") SELECT 'demo', CURRENT_TIMESTAMP WHERE EXISTS (SELECT FROM "organization");
