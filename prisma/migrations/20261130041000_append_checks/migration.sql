-- What the ledger itself checks of what it is given, so that whoever holds the role of the application cannot date events back, or
-- store a hash that stands for no content.

-- The seal of an event. A domain, so that every call is checked before it changes anything, without a lock on a table.
CREATE DOMAIN ledger.leaf_hash AS bytea
  CHECK (octet_length(VALUE) = 32 AND VALUE <> decode(repeat('00', 32), 'hex'));

-- The function belongs to the role it acts as, so it is replaced by that role.
GRANT CREATE ON SCHEMA ledger TO auditorium_writer;
SELECT set_config('auditorium.role_before', current_setting('role'), true);
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
        target_keys text[], request_id text, search_text text, leaf_hash ledger.leaf_hash, salt bytea, body text, raw bytea
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

SELECT set_config('role', current_setting('auditorium.role_before'), true);
REVOKE CREATE ON SCHEMA ledger FROM auditorium_writer;
