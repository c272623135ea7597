-- What the worker repeats: which worker has a job, when it last ran, how that ended, and when it is due again. It belongs to no
-- organization, so a row tells nothing about one: the error is a sentence of our own, without values.

-- CreateTable
CREATE TABLE "job_run" (
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease" UUID,
    "leased_until" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "last_started_at" TIMESTAMPTZ(3),
    "last_finished_at" TIMESTAMPTZ(3),
    "last_done_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "error" TEXT,
    "next_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_run_pkey" PRIMARY KEY ("name")
);

-- From here on written by hand: what Prisma does not know.

ALTER TABLE "job_run" ADD CONSTRAINT "job_run_name_check" CHECK ("name" ~ '^[a-z][a-z0-9-]{0,63}$');
ALTER TABLE "job_run" ADD CONSTRAINT "job_run_outcome_check" CHECK ("outcome" IN ('done', 'idle', 'skipped', 'failed'));
ALTER TABLE "job_run" ADD CONSTRAINT "job_run_error_check"
  CHECK (char_length("error") <= 200 AND ("error" IS NULL) = ("outcome" IS DISTINCT FROM 'failed'));
ALTER TABLE "job_run" ADD CONSTRAINT "job_run_lease_check" CHECK (("lease" IS NULL) = ("leased_until" IS NULL));

GRANT SELECT, INSERT, DELETE ON "job_run" TO auditorium_application;
GRANT UPDATE ("lease", "leased_until", "heartbeat_at", "last_started_at", "last_finished_at", "last_done_at", "outcome", "error", "next_at")
  ON "job_run" TO auditorium_application;

-- Every worker has these, so that an installation in which none has ever run shows it too.
INSERT INTO "job_run" ("name") VALUES ('clean-up'), ('clock'), ('deliver-mail');
