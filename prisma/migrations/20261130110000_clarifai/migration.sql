-- Clarifai's audit-log API: the code of an event as a column, and the names by which its programs call an organization.
--
-- This part changes the catalogue only. Where there are partitions already, their indexes are built, and the column filled for the
-- events that have a code, outside of any transaction (lib/database/migrations/online).

-- CreateTable
CREATE TABLE "clarifai_user_id" (
    "value" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "clarifai_user_id_pkey" PRIMARY KEY ("value")
);

-- CreateIndex
CREATE INDEX "clarifai_user_id_organization_id_idx" ON "clarifai_user_id"("organization_id");

-- AddForeignKey
ALTER TABLE "clarifai_user_id" ADD CONSTRAINT "clarifai_user_id_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on written by hand: what Prisma does not know.

ALTER TABLE "clarifai_user_id" ADD CONSTRAINT "clarifai_user_id_value_check" CHECK ("value" ~ '^[A-Za-z0-9._@-]{1,100}$' AND "value" ~ '[^.]');
ALTER TABLE "clarifai_user_id" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_organization" ON "clarifai_user_id" TO auditorium_application
  USING ("organization_id" = NULLIF(current_setting('app.organization', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON "clarifai_user_id" TO auditorium_application;

-- The code of the event, 0 when it has none. Null for an event that a process of the version before has written, which is filled from
-- its content when that names a code.
ALTER TABLE ledger.event ADD COLUMN operation_code integer;

-- Finds the events with a code. Those without are most of many logs, and are not in it.
CREATE INDEX event_operation_code_idx ON ONLY ledger.event (organization_id, operation_code, occurred_at, id) WHERE operation_code > 0;

-- Events whose column is still to be filled. A few others may be among them (a producer's own data can have a member of that name): those
-- get 0.
CREATE INDEX event_missing_code_idx ON ONLY ledger.event (organization_id, occurred_at, id)
  WHERE operation_code IS NULL AND body LIKE '%"operationCode":%';

-- As before, and beside it: the maintenance role may fill the code where it is missing.
CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'auditorium_maintenance' THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME <> 'entry' THEN
      OLD.search_text := NEW.search_text;
      IF OLD.operation_code IS NULL THEN
        OLD.operation_code := NEW.operation_code;
      END IF;
      IF OLD *= NEW THEN
        RETURN NEW;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '% of ledger.% refused: events are never changed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
GRANT SELECT (operation_code), UPDATE (operation_code) ON ledger.event TO auditorium_maintenance;

-- Views and functions are replaced by the roles that they belong to.
GRANT CREATE ON SCHEMA ledger TO auditorium_reader, auditorium_writer;
SELECT set_config('auditorium.role_before', current_setting('role'), true);

SET LOCAL ROLE auditorium_reader;
CREATE OR REPLACE VIEW ledger.visible_event AS
  SELECT organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, source_ip,
    target_keys, request_id, search_text, leaf_hash, body, raw, operation_code
  FROM ledger.event
  WHERE organization_id = NULLIF(current_setting('app.organization', true), '')::uuid;

-- Whether every event is found by its code through an index. Says nothing of any organization.
CREATE FUNCTION ledger.codes_are_complete() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  -- Until each partition has its index, asking would mean reading all events.
  IF EXISTS (
    SELECT FROM pg_index WHERE NOT indisvalid
      AND indexrelid IN ('ledger.event_missing_code_idx'::regclass, 'ledger.event_operation_code_idx'::regclass)
  ) THEN
    RETURN false;
  END IF;
  RETURN NOT EXISTS (SELECT FROM ledger.event WHERE operation_code IS NULL AND body LIKE '%"operationCode":%');
END
$$;
REVOKE ALL ON FUNCTION ledger.codes_are_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.codes_are_complete() TO auditorium_application;

SET LOCAL ROLE auditorium_writer;

-- Appends events to the log of one organization, in the order given. Locks the log until the transaction ends, so numbers have no
-- gaps and follow the order of commits; what is already there by id is left out and answered with what the first one was given.
-- Each event is an object with the columns of ledger.event (and `salt`) that are read below; ids must differ within one call.
-- The time of receipt must be the database's own, to a minute, and no hash may be made of zeros alone.
-- The plan is made once, and always looks entries up by their key, also while the tables are still empty.
CREATE OR REPLACE FUNCTION ledger.append(organization uuid, received_at timestamptz, events json)
RETURNS TABLE (ordinal bigint, outcome text, index bigint, leaf_hash bytea, salt bytea, first_received_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  size_before bigint;
BEGIN
  IF organization IS DISTINCT FROM NULLIF(current_setting('app.organization', true), '')::uuid OR organization IS NULL THEN
    RAISE EXCEPTION 'the transaction does not act for this organization' USING ERRCODE = 'insufficient_privilege';
  END IF;

  IF received_at IS NULL OR abs(extract(epoch FROM clock_timestamp() - received_at)) > 60 THEN
    RAISE EXCEPTION 'the time of receipt is more than a minute from the clock of the database' USING ERRCODE = 'invalid_parameter_value';
  END IF;

  SELECT h.size INTO size_before FROM ledger.head h WHERE h.organization_id = organization FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO ledger.head (organization_id, size) VALUES (organization, 0) ON CONFLICT DO NOTHING;
    SELECT h.size INTO STRICT size_before FROM ledger.head h WHERE h.organization_id = organization FOR UPDATE;
  END IF;

  -- This statement begins after the lock was had, so it sees every entry of this log.
  RETURN QUERY
  WITH incoming AS MATERIALIZED (
    SELECT *
    FROM ROWS FROM (
      json_to_recordset(events) AS (
        id uuid, app_id uuid, occurred_at timestamptz, operation text, status text, actor_id text, source_ip inet,
        target_keys text[], request_id text, search_text text, leaf_hash ledger.leaf_hash, salt bytea, body text, raw bytea,
        operation_code integer
      )
    ) WITH ORDINALITY AS e (
      id, app_id, occurred_at, operation, status, actor_id, source_ip,
      target_keys, request_id, search_text, leaf_hash, salt, body, raw, operation_code, ordinal
    )
  ), known AS MATERIALIZED (
    SELECT i.ordinal, n.index, n.leaf_hash, n.salt, n.received_at
    FROM incoming i CROSS JOIN LATERAL (
      SELECT * FROM ledger.entry e WHERE e.organization_id = organization AND e.id = i.id LIMIT 1
    ) n
  ), fresh AS MATERIALIZED (
    SELECT i.*, size_before + row_number() OVER (ORDER BY i.ordinal) - 1 AS index
    FROM incoming i
    WHERE i.ordinal NOT IN (SELECT k.ordinal FROM known k)
  ), moved AS (
    UPDATE ledger.head SET size = size_before + (SELECT count(*) FROM fresh) WHERE organization_id = organization
  ), new_entry AS (
    INSERT INTO ledger.entry (organization_id, id, app_id, index, occurred_at, received_at, leaf_hash, salt)
    SELECT organization, id, app_id, index, occurred_at, append.received_at, leaf_hash, salt FROM fresh ORDER BY ordinal
  ), new_event AS (
    INSERT INTO ledger.event (
      organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, source_ip,
      target_keys, request_id, search_text, leaf_hash, body, raw, operation_code
    )
    SELECT organization, id, app_id, index, occurred_at, append.received_at, operation, status, actor_id, source_ip,
      target_keys, request_id, search_text, leaf_hash, body, raw, operation_code
    FROM fresh ORDER BY ordinal
  ), new_days AS (
    INSERT INTO ledger.rollup_day AS r (organization_id, day, dimension, value, events)
    SELECT organization, (f.occurred_at AT TIME ZONE 'UTC')::date, d.dimension, d.value, count(*)
    FROM fresh f CROSS JOIN LATERAL (
      VALUES ('all', ''), ('app', f.app_id::text), ('operation', f.operation), ('status', f.status)
    ) d (dimension, value)
    GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
    ON CONFLICT (organization_id, dimension, day, value) DO UPDATE SET events = r.events + excluded.events
  ), new_hours AS (
    INSERT INTO ledger.rollup_hour AS r (organization_id, hour, events)
    SELECT organization, date_trunc('hour', f.occurred_at, 'UTC'), count(*)
    FROM fresh f GROUP BY 2 ORDER BY 2
    ON CONFLICT (organization_id, hour) DO UPDATE SET events = r.events + excluded.events
  )
  SELECT f.ordinal, 'new', f.index, f.leaf_hash, f.salt, append.received_at FROM fresh f
  UNION ALL
  SELECT k.ordinal, 'exists', k.index, k.leaf_hash, k.salt, k.received_at FROM known k;
END
$$;

SELECT set_config('role', current_setting('auditorium.role_before'), true);
REVOKE CREATE ON SCHEMA ledger FROM auditorium_reader, auditorium_writer;
