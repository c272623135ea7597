-- Sinks: where copies of events go, how far each one is, what was delivered, and what was refused.

-- CreateTable
CREATE TABLE "sink" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "sealed_credentials" BYTEA,
    "credentials_set_at" TIMESTAMPTZ(3),
    "credentials_set_by" TEXT,
    "query" TEXT NOT NULL DEFAULT '',
    "format" TEXT NOT NULL,
    "redact_identity" BOOLEAN NOT NULL DEFAULT false,
    "omit" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "paused_at" TIMESTAMPTZ(3),
    "paused_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "sink_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sink_cursor" (
    "id" UUID NOT NULL,
    "sink_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "first_index" BIGINT NOT NULL,
    "next_index" BIGINT NOT NULL,
    "past" BIGINT,
    "sending_past" BIGINT,
    "due_at" TIMESTAMPTZ(3),
    "full_at_size" BIGINT,
    "begins_at" TIMESTAMPTZ(3),
    "leased_until" TIMESTAMPTZ(3),
    "claims" INTEGER NOT NULL DEFAULT 0,
    "refused_due_at" TIMESTAMPTZ(3),
    "refusals_from" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "first_failure_at" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),
    "missed_told" BIGINT NOT NULL DEFAULT 0,
    "refused_told" BIGINT NOT NULL DEFAULT 0,
    "refused_told_at" TIMESTAMPTZ(3),
    "failed" BIGINT NOT NULL DEFAULT 0,
    "last_attempt_ms" INTEGER,
    "last_success_at" TIMESTAMPTZ(3),
    "last_error_kind" TEXT,
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "taken" BIGINT NOT NULL DEFAULT 0,
    "passed_over" BIGINT NOT NULL DEFAULT 0,
    "refused" BIGINT NOT NULL DEFAULT 0,
    "missed" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "sink_cursor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sink_delivery" (
    "id" UUID NOT NULL,
    "sink_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "cursor_id" UUID NOT NULL,
    "first" BIGINT NOT NULL,
    "past" BIGINT NOT NULL,
    "batch_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "taken" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "answer" TEXT,

    CONSTRAINT "sink_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sink_dead_letter" (
    "id" UUID NOT NULL,
    "sink_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "index" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "tries" INTEGER NOT NULL,
    "next_try_at" TIMESTAMPTZ(3),
    "first_refused_at" TIMESTAMPTZ(3) NOT NULL,
    "last_refused_at" TIMESTAMPTZ(3) NOT NULL,
    "dead_at" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,

    CONSTRAINT "sink_dead_letter_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "capture_instance" ADD COLUMN     "dropped_told" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "capture_lost_at" TIMESTAMPTZ(3),
ADD COLUMN     "capture_lost_told_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE UNIQUE INDEX "sink_organization_id_id_key" ON "sink"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sink_organization_id_name_key" ON "sink"("organization_id", "name");

-- CreateIndex
CREATE INDEX "sink_cursor_organization_id_sink_id_idx" ON "sink_cursor"("organization_id", "sink_id");

-- CreateIndex
CREATE INDEX "sink_delivery_organization_id_sink_id_at_idx" ON "sink_delivery"("organization_id", "sink_id", "at" DESC);

-- CreateIndex
CREATE INDEX "sink_delivery_at_idx" ON "sink_delivery"("at");

-- CreateIndex
CREATE UNIQUE INDEX "sink_dead_letter_organization_id_sink_id_index_key" ON "sink_dead_letter"("organization_id", "sink_id", "index");

-- AddForeignKey
ALTER TABLE "sink" ADD CONSTRAINT "sink_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sink_cursor" ADD CONSTRAINT "sink_cursor_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sink_delivery" ADD CONSTRAINT "sink_delivery_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sink_dead_letter" ADD CONSTRAINT "sink_dead_letter_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on written by hand: what Prisma does not know.

ALTER TABLE "sink" ALTER COLUMN "omit" SET NOT NULL;
ALTER TABLE "sink" ADD CONSTRAINT "sink_texts_check" CHECK (
  char_length("name") BETWEEN 1 AND 100 AND char_length("kind") BETWEEN 1 AND 40 AND char_length("format") BETWEEN 1 AND 40
  AND octet_length("query") <= 65536 AND cardinality("omit") <= 20);
ALTER TABLE "sink" ADD CONSTRAINT "sink_settings_check"
  CHECK (jsonb_typeof("settings") = 'object' AND octet_length("settings"::text) <= 65536);
ALTER TABLE "sink" ADD CONSTRAINT "sink_version_check" CHECK ("version" > 0);
ALTER TABLE "sink" ADD CONSTRAINT "sink_paused_check" CHECK (
  ("paused_at" IS NULL) = ("paused_reason" IS NULL)
  AND "paused_reason" IN ('person', 'gone', 'credentials', 'dead-letters'));
ALTER TABLE "sink" ADD CONSTRAINT "sink_credentials_check" CHECK (
  ("sealed_credentials" IS NULL) = ("credentials_set_at" IS NULL) AND ("sealed_credentials" IS NULL) = ("credentials_set_by" IS NULL));
ALTER TABLE "sink_cursor" ADD CONSTRAINT "sink_cursor_numbers_check" CHECK (
  "first_index" >= 0 AND "next_index" >= "first_index" AND "past" >= "next_index" AND "sending_past" > "next_index"
  AND "full_at_size" > 0 AND "claims" >= 0 AND "failures" >= 0
  AND "taken" >= 0 AND "passed_over" >= 0 AND "refused" >= 0 AND "missed" >= 0
  AND "missed_told" >= 0 AND "refused_told" >= 0 AND "failed" >= 0);
ALTER TABLE "sink_cursor" ADD CONSTRAINT "sink_cursor_error_check" CHECK (
  "last_error_kind" IN ('later', 'configuration', 'gone', 'credentials') AND octet_length("last_error") <= 4096);
ALTER TABLE "sink_delivery" ADD CONSTRAINT "sink_delivery_numbers_check" CHECK (
  "first" >= 0 AND "past" > "first" AND "duration_ms" >= 0 AND "events" >= 0 AND "taken" >= 0 AND "refused" >= 0 AND "bytes" >= 0);
ALTER TABLE "sink_delivery" ADD CONSTRAINT "sink_delivery_outcome_check" CHECK (
  "outcome" IN ('taken', 'partly', 'later', 'configuration', 'gone', 'credentials') AND octet_length("answer") <= 4096);
ALTER TABLE "sink_dead_letter" ADD CONSTRAINT "sink_dead_letter_check" CHECK (
  "index" >= 0 AND "tries" > 0 AND ("next_try_at" IS NULL) = ("dead_at" IS NOT NULL) AND octet_length("reason") <= 4096);

-- One cursor of a sink follows the log of an organization; any number repeats a part of it.
CREATE UNIQUE INDEX "sink_cursor_follower_key" ON "sink_cursor" ("organization_id", "sink_id") WHERE "past" IS NULL;
CREATE INDEX "sink_cursor_due_at_idx" ON "sink_cursor" ("due_at") WHERE "due_at" IS NOT NULL;

ALTER TABLE "sink" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "sink_delivery" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "sink_dead_letter" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY "own_organization" ON "sink" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "sink_delivery" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY "own_organization" ON "sink_dead_letter" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);

GRANT SELECT, INSERT, DELETE ON "sink", "sink_cursor", "sink_delivery", "sink_dead_letter" TO auditorium_application;
GRANT UPDATE ("name", "settings", "sealed_credentials", "credentials_set_at", "credentials_set_by", "query", "format",
  "redact_identity", "omit", "version", "paused_at", "paused_reason") ON "sink" TO auditorium_application;
GRANT UPDATE ("first_index", "next_index", "past", "sending_past", "due_at", "full_at_size", "begins_at", "leased_until", "claims", "refused_due_at",
  "refusals_from", "failures", "first_failure_at", "told_at", "missed_told", "refused_told", "refused_told_at", "failed",
  "last_attempt_ms", "last_success_at", "last_error_kind", "last_error", "last_error_at", "taken", "passed_over", "refused", "missed",
  "ended_at") ON "sink_cursor" TO auditorium_application;
GRANT UPDATE ("dropped_told") ON "capture_instance" TO auditorium_application;
GRANT UPDATE ("capture_lost_at", "capture_lost_told_at") ON "organization" TO auditorium_application;
GRANT UPDATE ("tries", "next_try_at", "last_refused_at", "dead_at", "reason") ON "sink_dead_letter" TO auditorium_application;

-- What was lost before this version is not news.
ALTER TABLE "capture_instance" NO FORCE ROW LEVEL SECURITY;
UPDATE "capture_instance" SET "dropped_told" = "dropped";
ALTER TABLE "capture_instance" FORCE ROW LEVEL SECURITY;

-- The figures of every organization for /api/metrics: numbers, names and ids, no content. Runs with the rights of the caller, who enters
-- one organization after the other, as each of their transactions could: no wall has a new hole. One call instead of thousands.
CREATE FUNCTION "figures_of_organizations"()
RETURNS TABLE (slug text, size bigint, sinks jsonb, producers jsonb)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  one record;
  before text := current_setting('app.organization', true);
BEGIN
  FOR one IN SELECT o."id", o."slug" FROM public."organization" o ORDER BY o."slug" LOOP
    PERFORM set_config('app.organization', one."id"::text, true);
    slug := one."slug";
    size := coalesce((SELECT h.size FROM ledger.visible_head h), 0);
    sinks := (
      SELECT jsonb_agg(jsonb_build_object(
        'id', c."sink_id", 'name', s."name", 'kind', s."kind", 'isPaused', s."paused_at" IS NOT NULL,
        'next', c."next_index", 'failures', c."failures", 'failed', c."failed", 'taken', c."taken", 'missed', c."missed",
        'lastSuccessAt', extract(epoch FROM c."last_success_at"),
        'oldestAt', (SELECT extract(epoch FROM e.received_at) FROM ledger.visible_entry e
          WHERE e.index >= c."next_index" ORDER BY e.index LIMIT 1),
        'deadLetters', (SELECT count(*) FROM public."sink_dead_letter" d
          WHERE d."organization_id" = one."id" AND d."sink_id" = c."sink_id")) ORDER BY s."name", c."sink_id")
      FROM public."sink_cursor" c
      LEFT JOIN public."sink" s ON s."organization_id" = c."organization_id" AND s."id" = c."sink_id"
      WHERE c."organization_id" = one."id" AND c."past" IS NULL);
    producers := (
      SELECT jsonb_agg(jsonb_build_object('app', a."slug", 'instance', i."instance", 'dropped', i."dropped")
        ORDER BY a."slug", i."instance")
      FROM public."capture_instance" i
      JOIN public."app" a ON a."organization_id" = i."organization_id" AND a."id" = i."app_id"
      WHERE i."organization_id" = one."id" AND i."dropped" > 0);
    RETURN NEXT;
  END LOOP;
  PERFORM set_config('app.organization', coalesce(before, ''), true);
END
$$;
REVOKE ALL ON FUNCTION "figures_of_organizations"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "figures_of_organizations"() TO auditorium_application;

-- Administrators manage sinks too. The permissions of built-in roles are stored rows, which row-level security hides from their owner.
ALTER TABLE "role" NO FORCE ROW LEVEL SECURITY;
UPDATE "role" SET "permissions" = array_append("permissions", 'SINK-MANAGEMENT')
  WHERE "built_in" AND 'ORGANIZATION-MANAGEMENT' = ANY ("permissions") AND 'LOG-MANAGEMENT' = ANY ("permissions")
    AND NOT 'SINK-MANAGEMENT' = ANY ("permissions");
ALTER TABLE "role" FORCE ROW LEVEL SECURITY;

-- The worker's list of jobs shows them before they have run.
INSERT INTO "job_run" ("name") VALUES ('deliver-sinks'), ('sink-clean-up'), ('tell-sinks');

-- How delivery reads. Both functions have the rights of the reader, which has no right beyond reading.

-- The entries of the log of the transaction's organization with these numbers (past is not included), in their order. An event that has
-- expired has no body and no hash, so that a reader can count it. The answer ends before the event with which the bodies would be larger
-- than most_bytes together, but has one entry at least.
-- The plan is made once: planning the partitions costs more than reading a few events. Each event is looked up by its whole key.
CREATE FUNCTION ledger.recorded(first bigint, past bigint, most_bytes bigint DEFAULT NULL)
RETURNS TABLE (index bigint, id uuid, received_at timestamptz, body text, leaf_hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
DECLARE
  organization uuid := NULLIF(current_setting('app.organization', true), '')::uuid;
  bytes bigint := 0;
  one record;
BEGIN
  IF most_bytes IS NULL THEN
    RETURN QUERY
    SELECT n.index, n.id, n.received_at, e.body, e.leaf_hash
    FROM ledger.entry n LEFT JOIN LATERAL (
      SELECT v.body, v.leaf_hash FROM ledger.event v
      WHERE v.organization_id = organization AND v.occurred_at = n.occurred_at AND v.id = n.id OFFSET 0
    ) e ON true
    WHERE n.organization_id = organization AND n.index >= first AND n.index < past ORDER BY n.index;
    RETURN;
  END IF;
  FOR one IN
    SELECT n.index, n.id, n.received_at, e.body, e.leaf_hash, coalesce(octet_length(e.body), 0) AS size
    FROM ledger.entry n LEFT JOIN LATERAL (
      SELECT v.body, v.leaf_hash FROM ledger.event v
      WHERE v.organization_id = organization AND v.occurred_at = n.occurred_at AND v.id = n.id OFFSET 0
    ) e ON true
    WHERE n.organization_id = organization AND n.index >= first AND n.index < past ORDER BY n.index
  LOOP
    bytes := bytes + one.size;
    EXIT WHEN bytes > most_bytes AND one.index > first;
    index := one.index;
    id := one.id;
    received_at := one.received_at;
    body := one.body;
    leaf_hash := one.leaf_hash;
    RETURN NEXT;
  END LOOP;
END
$$;

-- The cursors of all organizations that have something to send and that no worker has: ids and positions, never content. Those that have
-- waited longest come first. At most most_slow of them are of sinks whose last attempt failed or took over five seconds, or that have
-- made none.
CREATE FUNCTION ledger.due_sinks(now timestamptz, most integer, most_slow integer DEFAULT NULL)
RETURNS TABLE (cursor_id uuid, sink_id uuid, organization_id uuid, next_index bigint, size bigint, is_slow boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT c.id, c.sink_id, c.organization_id, c.next_index, coalesce(h.size, 0) AS size, c.due_at,
      c.failures > 0 OR coalesce(c.last_attempt_ms, 5001) > 5000 AS slow
    FROM public.sink_cursor c LEFT JOIN ledger.head h ON h.organization_id = c.organization_id
    WHERE c.due_at IS NOT NULL AND (c.leased_until IS NULL OR c.leased_until <= now)
      AND (c.due_at <= now AND (c.next_index < least(c.past, coalesce(h.size, 0)) OR c.refused_due_at <= now) OR c.full_at_size <= h.size)
  ), ranked AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.slow ORDER BY d.due_at, d.id) AS rank FROM due d
  )
  SELECT r.id, r.sink_id, r.organization_id, r.next_index, r.size, r.slow FROM ranked r
  WHERE NOT r.slow OR r.rank <= coalesce(most_slow, most)
  ORDER BY r.due_at, r.id LIMIT most;
END
$$;

REVOKE ALL ON FUNCTION ledger.recorded(bigint, bigint, bigint), ledger.due_sinks(timestamptz, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.recorded(bigint, bigint, bigint), ledger.due_sinks(timestamptz, integer, integer)
  TO auditorium_application;
GRANT USAGE ON SCHEMA public TO auditorium_reader;
GRANT SELECT ("id", "sink_id", "organization_id", "next_index", "past", "due_at", "full_at_size", "leased_until", "refused_due_at",
  "failures", "last_attempt_ms") ON "sink_cursor" TO auditorium_reader;
GRANT CREATE ON SCHEMA ledger TO auditorium_reader;
ALTER FUNCTION ledger.recorded(bigint, bigint, bigint) OWNER TO auditorium_reader;
ALTER FUNCTION ledger.due_sinks(timestamptz, integer, integer) OWNER TO auditorium_reader;
REVOKE CREATE ON SCHEMA ledger FROM auditorium_reader;
