-- The ledger: where an event becomes a fact, numbered and sealed. Written by hand and unknown to Prisma; a snapshot test of the
-- catalogue (columns, indexes, policies, grants) guards it.
--
-- The application may do two things here: read the views, which carry the organization of the transaction in their own WHERE,
-- and call ledger.append. It has no right on any table.

CREATE SCHEMA ledger;

-- Finds parts of words in search_text. The extension may already stand in another schema, so its names are never written out.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- How many events an organization's log has; the next index. Locked by whoever appends.
CREATE TABLE ledger.head (
  organization_id uuid NOT NULL PRIMARY KEY REFERENCES public.organization (id),
  size bigint NOT NULL CHECK (size >= 0)
) WITH (fillfactor = 50);

-- One row for each event for ever, also after the event itself has expired: it decides duplicates, leads from an id to the
-- event's partition, and holds what the seal needs.
CREATE TABLE ledger.entry (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  index bigint NOT NULL CHECK (index >= 0),
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  salt bytea NOT NULL CHECK (octet_length(salt) = 16),
  PRIMARY KEY (organization_id, index),
  UNIQUE (organization_id, id)
);

-- The event: its canonical content as the exact text that was sealed, and beside it copies of what can be filtered by.
CREATE TABLE ledger.event (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  app_id uuid NOT NULL,
  index bigint NOT NULL,
  occurred_at timestamptz NOT NULL CHECK (occurred_at >= '1970-01-01 00:00:00+00' AND occurred_at < '2200-01-01 00:00:00+00'),
  received_at timestamptz NOT NULL,
  operation text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('success', 'failure', 'denied', 'unknown')),
  actor_id text COLLATE "C" NOT NULL,
  source_ip inet,
  -- For each target both `id` and `type:id`.
  target_keys text[] COLLATE "C" NOT NULL,
  request_id text COLLATE "C",
  -- Lower case.
  search_text text COLLATE "C" NOT NULL,
  leaf_hash bytea NOT NULL,
  body text COLLATE "C" NOT NULL,
  -- The original bytes of an imported event.
  raw bytea,
  PRIMARY KEY (organization_id, occurred_at, id)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX event_app_idx ON ledger.event (organization_id, app_id, occurred_at, id);
CREATE INDEX event_operation_idx ON ledger.event (organization_id, operation, occurred_at, id);
CREATE INDEX event_actor_idx ON ledger.event (organization_id, actor_id, occurred_at, id);
CREATE INDEX event_source_ip_idx ON ledger.event (organization_id, source_ip, occurred_at, id);
CREATE INDEX event_not_success_idx ON ledger.event (organization_id, status, occurred_at, id) WHERE status <> 'success';
CREATE INDEX event_target_keys_idx ON ledger.event USING gin (target_keys);
DO $trigram$
DECLARE
  extension_schema text := (
    SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'
  );
BEGIN
  EXECUTE format('CREATE INDEX event_search_text_idx ON ledger.event USING gin (search_text %I.gin_trgm_ops)', extension_schema);
END
$trigram$;

-- Sums kept by the append itself: one row for each UTC day and value of a dimension, one for each hour.
CREATE TABLE ledger.rollup_day (
  organization_id uuid NOT NULL,
  day date NOT NULL,
  dimension text COLLATE "C" NOT NULL CHECK (dimension IN ('all', 'app', 'operation', 'status')),
  value text COLLATE "C" NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (organization_id, dimension, day, value)
) WITH (fillfactor = 70);

CREATE TABLE ledger.rollup_hour (
  organization_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (organization_id, hour)
) WITH (fillfactor = 70);

-- An event is a fact: nobody changes or removes one, but the role whose work is to let expired ones go.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'auditorium_maintenance' AND TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% of ledger.% refused: events are never changed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON ledger.event FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON ledger.event FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Row-level security, forced on the owner too. The reader's policies are open because its views carry the organization
-- themselves: under a policy, PostgreSQL uses no index for LIKE, `@>` or a range of addresses.
ALTER TABLE ledger.head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.rollup_day ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.rollup_hour ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY read_through_views ON ledger.head FOR SELECT TO auditorium_reader USING (true);
CREATE POLICY read_through_views ON ledger.entry FOR SELECT TO auditorium_reader USING (true);
CREATE POLICY read_through_views ON ledger.event FOR SELECT TO auditorium_reader USING (true);
CREATE POLICY read_through_views ON ledger.rollup_day FOR SELECT TO auditorium_reader USING (true);
CREATE POLICY read_through_views ON ledger.rollup_hour FOR SELECT TO auditorium_reader USING (true);

CREATE POLICY own_organization ON ledger.head TO auditorium_writer
  USING (organization_id = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY own_organization ON ledger.entry TO auditorium_writer
  USING (organization_id = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY own_organization ON ledger.event TO auditorium_writer
  USING (organization_id = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY own_organization ON ledger.rollup_day TO auditorium_writer
  USING (organization_id = NULLIF(current_setting('app.organization', true), '')::uuid);
CREATE POLICY own_organization ON ledger.rollup_hour TO auditorium_writer
  USING (organization_id = NULLIF(current_setting('app.organization', true), '')::uuid);

GRANT USAGE ON SCHEMA ledger TO auditorium_reader, auditorium_writer, auditorium_application;
GRANT SELECT ON ledger.head, ledger.entry, ledger.event, ledger.rollup_day, ledger.rollup_hour TO auditorium_reader;
GRANT SELECT, INSERT, UPDATE ON ledger.head, ledger.rollup_day, ledger.rollup_hour TO auditorium_writer;
GRANT SELECT, INSERT ON ledger.entry TO auditorium_writer;
GRANT INSERT ON ledger.event TO auditorium_writer;

-- Makes one monthly partition and takes over rows that an outer partition held for it meanwhile.
CREATE FUNCTION ledger.create_partition(partition text, lower_bound text, upper_bound text, source text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET timezone = 'UTC' AS $$
BEGIN
  EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.event FOR VALUES FROM (%s) TO (%s)', partition, lower_bound, upper_bound);
  IF source IS NOT NULL THEN
    EXECUTE format(
      'INSERT INTO ledger.%1$I SELECT * FROM ledger.%2$I WHERE %3$s AND %4$s', partition, source,
      CASE lower_bound WHEN 'MINVALUE' THEN 'true' ELSE 'occurred_at >= ' || lower_bound END,
      CASE upper_bound WHEN 'MAXVALUE' THEN 'true' ELSE 'occurred_at < ' || upper_bound END
    );
  END IF;
  -- A partition addressed by its own name obeys its own policies, and there are none: nobody gets in around the parent.
  EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
  EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', partition);
  -- Counting by index alone needs a fresh visibility map, and the planner fresh figures, of a table that only grows.
  EXECUTE format(
    'ALTER TABLE ledger.%I SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000, autovacuum_analyze_scale_factor = 0.02)',
    partition
  );
END
$$;

-- Promise: the partitions `past`, one for each month from 25 months before `now` to 3 after it, and `future`, without a hole
-- between them. Months further back stay as they are while they hold events, and else go up in `past`. Run by the owner, at each
-- migration and once a day; running it again changes nothing.
CREATE FUNCTION ledger.maintain_partitions(now timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET timezone = 'UTC' SET lock_timeout = '10s' AS $$
DECLARE
  this_month date := date_trunc('month', now)::date;
  oldest_month date := (this_month - interval '25 months')::date;
  first_future_month date := (this_month + interval '4 months')::date;
  past_end date;
  future_start date;
  kept_month date;
  month date;
  is_empty boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  SELECT (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''(\d{4}-\d\d-\d\d)'))[1] INTO past_end
    FROM pg_class c WHERE c.oid = to_regclass('ledger.event_past');
  SELECT (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''(\d{4}-\d\d-\d\d)'))[1] INTO future_start
    FROM pg_class c WHERE c.oid = to_regclass('ledger.event_future');

  -- Months behind the border: an empty one goes, the first that holds something is where `past` must end.
  kept_month := least(oldest_month, coalesce(future_start, oldest_month));
  FOR month IN
    SELECT to_date(substr(c.relname, 7), 'YYYY_MM')
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'ledger.event'::regclass AND c.relname ~ '^event_\d{4}_\d\d$' AND to_date(substr(c.relname, 7), 'YYYY_MM') < oldest_month
    ORDER BY 1
  LOOP
    EXECUTE format('ALTER TABLE ledger.%I NO FORCE ROW LEVEL SECURITY', to_char(month, '"event_"YYYY_MM'));
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM ledger.%I)', to_char(month, '"event_"YYYY_MM')) INTO is_empty;
    EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', to_char(month, '"event_"YYYY_MM'));
    IF NOT is_empty THEN
      kept_month := month;
      EXIT;
    END IF;
    EXECUTE format('DROP TABLE ledger.%I', to_char(month, '"event_"YYYY_MM'));
  END LOOP;

  IF past_end IS NULL THEN
    PERFORM ledger.create_partition('event_past', 'MINVALUE', quote_literal(kept_month), NULL);
  ELSIF past_end < kept_month THEN
    ALTER TABLE ledger.event DETACH PARTITION ledger.event_past;
    EXECUTE format('ALTER TABLE ledger.event ATTACH PARTITION ledger.event_past FOR VALUES FROM (MINVALUE) TO (%L)', kept_month);
  ELSE
    kept_month := past_end;
  END IF;

  IF future_start < first_future_month THEN
    ALTER TABLE ledger.event DETACH PARTITION ledger.event_future;
    ALTER TABLE ledger.event_future NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE ledger.event_future RENAME TO event_future_former;
  END IF;
  FOR month IN SELECT generate_series(kept_month, greatest(first_future_month, future_start) - 1, interval '1 month') LOOP
    CONTINUE WHEN to_regclass('ledger.' || to_char(month, '"event_"YYYY_MM')) IS NOT NULL;
    PERFORM ledger.create_partition(
      to_char(month, '"event_"YYYY_MM'), quote_literal(month), quote_literal((month + interval '1 month')::date),
      CASE WHEN month >= future_start THEN 'event_future_former' END
    );
  END LOOP;
  IF future_start IS NULL THEN
    PERFORM ledger.create_partition('event_future', quote_literal(first_future_month), 'MAXVALUE', NULL);
  ELSIF future_start < first_future_month THEN
    PERFORM ledger.create_partition('event_future', quote_literal(first_future_month), 'MAXVALUE', 'event_future_former');
    DROP TABLE ledger.event_future_former;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION ledger.refuse_change(), ledger.create_partition(text, text, text, text), ledger.maintain_partitions(timestamptz) FROM PUBLIC;

-- Appends events to the log of one organization, in the order given. Locks the log until the transaction ends, so numbers have no
-- gaps and follow the order of commits; what is already there by id is left out and answered with what the first one was given.
-- Each event is an object with the columns of ledger.event (and `salt`) that are read below; ids must differ within one call.
-- The plan is made once, and always looks entries up by their key, also while the tables are still empty.
CREATE FUNCTION ledger.append(organization uuid, received_at timestamptz, events json)
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
        target_keys text[], request_id text, search_text text, leaf_hash bytea, salt bytea, body text, raw bytea
      )
    ) WITH ORDINALITY AS e (
      id, app_id, occurred_at, operation, status, actor_id, source_ip,
      target_keys, request_id, search_text, leaf_hash, salt, body, raw, ordinal
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
      target_keys, request_id, search_text, leaf_hash, body, raw
    )
    SELECT organization, id, app_id, index, occurred_at, append.received_at, operation, status, actor_id, source_ip,
      target_keys, request_id, search_text, leaf_hash, body, raw
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
REVOKE ALL ON FUNCTION ledger.append(uuid, timestamptz, json) FROM PUBLIC;

-- What the application reads: the rows of the transaction's organization, none when it has no organization.
CREATE VIEW ledger.visible_head AS
  SELECT organization_id, size FROM ledger.head
  WHERE organization_id = NULLIF(current_setting('app.organization', true), '')::uuid;

CREATE VIEW ledger.visible_entry AS
  SELECT organization_id, id, app_id, index, occurred_at, received_at, leaf_hash, salt FROM ledger.entry
  WHERE organization_id = NULLIF(current_setting('app.organization', true), '')::uuid;

CREATE VIEW ledger.visible_event AS
  SELECT organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, source_ip,
    target_keys, request_id, search_text, leaf_hash, body, raw
  FROM ledger.event
  WHERE organization_id = NULLIF(current_setting('app.organization', true), '')::uuid;

CREATE VIEW ledger.visible_rollup_day AS
  SELECT organization_id, day, dimension, value, events FROM ledger.rollup_day
  WHERE organization_id = NULLIF(current_setting('app.organization', true), '')::uuid;

CREATE VIEW ledger.visible_rollup_hour AS
  SELECT organization_id, hour, events FROM ledger.rollup_hour
  WHERE organization_id = NULLIF(current_setting('app.organization', true), '')::uuid;

GRANT SELECT ON ledger.visible_head, ledger.visible_entry, ledger.visible_event, ledger.visible_rollup_day,
  ledger.visible_rollup_hour TO auditorium_application;
GRANT EXECUTE ON FUNCTION ledger.append(uuid, timestamptz, json) TO auditorium_application;

-- Views and functions act with the rights of their owner, so each is handed to the role that has no right beyond its work.
-- A new owner must be allowed to create here at the moment of taking over.
GRANT CREATE ON SCHEMA ledger TO auditorium_reader, auditorium_writer;
ALTER FUNCTION ledger.append(uuid, timestamptz, json) OWNER TO auditorium_writer;
ALTER VIEW ledger.visible_head OWNER TO auditorium_reader;
ALTER VIEW ledger.visible_entry OWNER TO auditorium_reader;
ALTER VIEW ledger.visible_event OWNER TO auditorium_reader;
ALTER VIEW ledger.visible_rollup_day OWNER TO auditorium_reader;
ALTER VIEW ledger.visible_rollup_hour OWNER TO auditorium_reader;
REVOKE CREATE ON SCHEMA ledger FROM auditorium_reader, auditorium_writer;
