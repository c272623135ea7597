-- Partitions are created beside the traffic: a new one is built as a table of its own and then attached, which readers and
-- writers do not notice. Only what changes a partition that is in use needs the lock of the whole table; it waits 300 ms for it,
-- in which others wait too, gives way, and tries again after a longer pause.
--
-- lib/ledger-partitions.ts runs the steps below one after the other, each in a transaction of its own.

DROP FUNCTION ledger.create_partition(text, text, text, text);

-- Where a partition begins (side 'FROM') or ends ('TO'); null when it is open there or does not exist.
CREATE FUNCTION ledger.partition_bound(partition text, side text) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT (regexp_match(pg_get_expr(c.relpartbound, c.oid), side || ' \(''(\d{4}-\d\d-\d\d)'))[1]::date
  FROM pg_class c WHERE c.oid = to_regclass('ledger.' || quote_ident(partition))
$$;

-- The months that have a partition of their own.
CREATE FUNCTION ledger.partition_months() RETURNS SETOF date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_date(substr(c.relname, 7), 'YYYY_MM')
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'ledger.event'::regclass AND c.relname ~ '^event_\d{4}_\d\d$'
  ORDER BY 1
$$;

-- A table that fits `event`, with every index of it. Null bounds are open. The constraint `span` says what the bounds will say,
-- so that attaching reads no row.
CREATE FUNCTION ledger.build_partition(partition text, lower_bound date, upper_bound date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  EXECUTE format(
    'CREATE TABLE ledger.%I (LIKE ledger.event INCLUDING ALL, CONSTRAINT span CHECK (%s AND %s))', partition,
    CASE WHEN lower_bound IS NULL THEN 'true' ELSE format('occurred_at >= %L', lower_bound::timestamptz) END,
    CASE WHEN upper_bound IS NULL THEN 'true' ELSE format('occurred_at < %L', upper_bound::timestamptz) END
  );
  -- Counting by index alone needs a fresh visibility map, and the planner fresh figures, of a table that only grows.
  EXECUTE format(
    'ALTER TABLE ledger.%I SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000, autovacuum_analyze_scale_factor = 0.02)',
    partition
  );
END
$$;

-- Secures a built table and makes it a part of `event`. The trigger on rows comes with it from the parent.
CREATE FUNCTION ledger.attach_partition(partition text, lower_bound date, upper_bound date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '300ms' AS $$
BEGIN
  -- A partition addressed by its own name obeys its own policies, and there are none: nobody gets in around the parent.
  EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
  EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', partition);
  EXECUTE format(
    'ALTER TABLE ledger.event ATTACH PARTITION ledger.%I FOR VALUES FROM (%s) TO (%s)', partition,
    coalesce(quote_literal(lower_bound::timestamptz), 'MINVALUE'), coalesce(quote_literal(upper_bound::timestamptz), 'MAXVALUE')
  );
END
$$;

-- Tries to take the lock that stops every reader and writer of events, and those of the partitions that will change. While it
-- waits, others wait behind it: hence 300 ms at most, after which it gives way.
CREATE FUNCTION ledger.try_lock_events(partitions text[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
  partition text;
BEGIN
  LOCK TABLE ONLY ledger.event IN ACCESS EXCLUSIVE MODE;
  -- Who uses a partition has the lock of the whole table too, so only maintenance of the server can hold one of these.
  PERFORM set_config('lock_timeout', '50ms', true);
  FOREACH partition IN ARRAY partitions LOOP
    EXECUTE format('LOCK TABLE ledger.%I IN ACCESS EXCLUSIVE MODE', partition);
  END LOOP;
  RETURN true;
EXCEPTION WHEN lock_not_available THEN
  RETURN false;
END
$$;

-- What to do after an attempt without the lock: pauses of 1, 2, 4 ... seconds, and an error after the last attempt.
CREATE FUNCTION ledger.pause_after_attempt(attempt integer, attempts integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF attempt >= attempts THEN
    RAISE EXCEPTION 'ledger.event is in use: gave way after % attempts', attempts USING ERRCODE = 'lock_not_available';
  END IF;
  PERFORM pg_sleep(2 ^ (attempt - 1));
END
$$;

-- Whether an event lies in the span. Under forced row-level security only the reader sees events, and without a lock on anything.
CREATE FUNCTION ledger.has_events(lower_bound date, upper_bound date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET role = 'auditorium_reader' AS $$
DECLARE
  found boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT FROM ledger.event WHERE occurred_at >= %L AND occurred_at < %L)', lower_bound::timestamptz, upper_bound::timestamptz
  ) INTO found;
  RETURN found;
END
$$;

-- Copies the events of a span into a table that is not attached yet. The caller lets the reader insert there.
CREATE FUNCTION ledger.copy_events(target text, lower_bound date, upper_bound date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET role = 'auditorium_reader' AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO ledger.%I SELECT * FROM ledger.event WHERE occurred_at >= %L AND occurred_at < %L',
    target, lower_bound::timestamptz, coalesce(upper_bound::timestamptz, 'infinity')
  );
END
$$;

-- How many events each log has, as { organization: size }.
CREATE FUNCTION ledger.log_sizes() RETURNS jsonb
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET role = 'auditorium_reader' AS $$
  SELECT coalesce(jsonb_object_agg(organization_id, size), '{}') FROM ledger.head
$$;

-- Copies what was recorded after `sizes` was read, found by its number: logs only grow, so nothing else can have been added.
CREATE FUNCTION ledger.copy_events_since(sizes jsonb, target text, lower_bound date, upper_bound date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET role = 'auditorium_reader'
SET enable_seqscan = off SET jit = off AS $$
BEGIN
  EXECUTE format(
    $copy$
      INSERT INTO ledger.%1$I
      SELECT v.*
      FROM ledger.head h
      CROSS JOIN LATERAL (SELECT coalesce(($1 ->> h.organization_id::text)::bigint, 0) AS size OFFSET 0) known
      CROSS JOIN LATERAL (
        SELECT e.id, e.occurred_at FROM ledger.entry e
        WHERE e.organization_id = h.organization_id AND e.index >= known.size AND e.occurred_at >= %2$L AND e.occurred_at < %3$L
        OFFSET 0
      ) e
      CROSS JOIN LATERAL (
        SELECT * FROM ledger.event v
        WHERE v.organization_id = h.organization_id AND v.occurred_at = e.occurred_at AND v.id = e.id
          AND v.occurred_at >= %2$L AND v.occurred_at < %3$L
        OFFSET 0
      ) v
      WHERE h.size > known.size
      ON CONFLICT DO NOTHING
    $copy$,
    target, lower_bound::timestamptz, coalesce(upper_bound::timestamptz, 'infinity')
  ) USING sizes;
END
$$;

-- Step 1: the partitions `past` and `future` where there are none, and every month between them that has none. Takes no lock that
-- a reader or a writer of events would notice.
CREATE FUNCTION ledger.add_partitions(now timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  this_month date := date_trunc('month', now)::date;
  oldest_month date := (this_month - interval '25 months')::date;
  first_future_month date := (this_month + interval '4 months')::date;
  past_end date := ledger.partition_bound('event_past', 'TO');
  future_start date := ledger.partition_bound('event_future', 'FROM');
  month date;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  IF past_end IS NULL THEN
    past_end := least(oldest_month, future_start, (SELECT min(m) FROM ledger.partition_months() m));
    PERFORM ledger.build_partition('event_past', NULL, past_end);
    PERFORM ledger.attach_partition('event_past', NULL, past_end);
  END IF;
  IF future_start IS NULL THEN
    future_start := greatest(first_future_month, (SELECT max(m) + interval '1 month' FROM ledger.partition_months() m)::date);
    PERFORM ledger.build_partition('event_future', future_start, NULL);
    PERFORM ledger.attach_partition('event_future', future_start, NULL);
  END IF;
  FOR month IN
    SELECT m::date FROM generate_series(past_end, future_start - 1, interval '1 month') m
    EXCEPT SELECT m FROM ledger.partition_months() m
    ORDER BY 1
  LOOP
    PERFORM ledger.build_partition(to_char(month, '"event_"YYYY_MM'), month, (month + interval '1 month')::date);
    PERFORM ledger.attach_partition(to_char(month, '"event_"YYYY_MM'), month, (month + interval '1 month')::date);
  END LOOP;
END
$$;

-- Step 2: the constraint that lets `past` be attached again without reading it. Locks `past` alone, for a moment.
CREATE FUNCTION ledger.bound_past() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '300ms' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'ledger.event_past'::regclass AND conname = 'span') THEN
    EXECUTE format(
      'ALTER TABLE ledger.event_past ADD CONSTRAINT span CHECK (occurred_at < %L) NOT VALID', ledger.partition_bound('event_past', 'TO')::timestamptz
    );
  END IF;
END
$$;

-- Step 3: checks that constraint against the rows, beside readers and writers.
CREATE FUNCTION ledger.check_past() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'ledger.event_past'::regclass AND conname = 'span' AND NOT convalidated) THEN
    ALTER TABLE ledger.event_past VALIDATE CONSTRAINT span;
  END IF;
END
$$;

-- What `future` is divided into when its months from `future_start` on get partitions of their own.
CREATE FUNCTION ledger.parts_of_future(future_start date, first_future_month date)
RETURNS TABLE (partition text, lower_bound date, upper_bound date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT to_char(m, '"event_"YYYY_MM'), m::date, (m + interval '1 month')::date
  FROM generate_series(future_start, first_future_month - 1, interval '1 month') m
  UNION ALL SELECT 'event_future_next', first_future_month, NULL
$$;

-- Step 4: months that `future` covers get partitions of their own when they come near. Copies first; under the lock only what was
-- recorded since, and the exchange itself, in one transaction: no event is refused, none is missing.
CREATE FUNCTION ledger.move_future(now timestamptz, attempts integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first_future_month date := (date_trunc('month', now) + interval '4 months')::date;
  future_start date;
  sizes jsonb;
  sizes_before jsonb;
  part record;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'ledger.move_future must see what others commit meanwhile: call it under READ COMMITTED';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  future_start := ledger.partition_bound('event_future', 'FROM');
  IF future_start >= first_future_month THEN
    RETURN;
  END IF;

  sizes := ledger.log_sizes();
  FOR part IN SELECT * FROM ledger.parts_of_future(future_start, first_future_month) LOOP
    PERFORM ledger.build_partition(part.partition, part.lower_bound, part.upper_bound);
    EXECUTE format('GRANT INSERT ON ledger.%I TO auditorium_reader', part.partition);
    PERFORM ledger.copy_events(part.partition, part.lower_bound, part.upper_bound);
  END LOOP;

  FOR attempt IN 1 .. attempts LOOP
    sizes_before := sizes;
    sizes := ledger.log_sizes();
    FOR part IN SELECT * FROM ledger.parts_of_future(future_start, first_future_month) LOOP
      PERFORM ledger.copy_events_since(sizes_before, part.partition, part.lower_bound, part.upper_bound);
    END LOOP;
    EXIT WHEN ledger.try_lock_events(ARRAY['event_future']);
    PERFORM ledger.pause_after_attempt(attempt, attempts);
  END LOOP;

  FOR part IN SELECT * FROM ledger.parts_of_future(future_start, first_future_month) LOOP
    PERFORM ledger.copy_events_since(sizes, part.partition, part.lower_bound, part.upper_bound);
    EXECUTE format('REVOKE INSERT ON ledger.%I FROM auditorium_reader', part.partition);
  END LOOP;
  ALTER TABLE ledger.event DETACH PARTITION ledger.event_future;
  ALTER TABLE ledger.event_future RENAME TO event_future_former;
  FOR part IN SELECT * FROM ledger.parts_of_future(future_start, first_future_month) LOOP
    PERFORM ledger.attach_partition(part.partition, part.lower_bound, part.upper_bound);
  END LOOP;
  ALTER TABLE ledger.event_future_next RENAME TO event_future;
END
$$;

-- How many events of the former `future` are not in `event`.
CREATE FUNCTION ledger.count_missing_events() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET role = 'auditorium_reader' AS $$
DECLARE
  missing bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ledger.event_future_former f WHERE NOT EXISTS (
      SELECT FROM ledger.event e WHERE e.organization_id = f.organization_id AND e.occurred_at = f.occurred_at AND e.id = f.id
    )' INTO missing;
  RETURN missing;
END
$$;

-- Step 5: removes the former `future` after every event of it was found in its new place.
CREATE FUNCTION ledger.drop_former_future() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  IF to_regclass('ledger.event_future_former') IS NULL THEN
    RETURN;
  END IF;
  ALTER TABLE ledger.event_future_former DISABLE ROW LEVEL SECURITY;
  GRANT SELECT ON ledger.event_future_former TO auditorium_reader;
  missing := ledger.count_missing_events();
  IF missing > 0 THEN
    RAISE EXCEPTION 'ledger.event_future_former holds % events that ledger.event lacks; it is kept', missing;
  END IF;
  DROP TABLE ledger.event_future_former;
END
$$;

-- Step 6: empty months behind the border become a part of `past`. Months that hold events stay.
CREATE FUNCTION ledger.fold_past(now timestamptz, attempts integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  oldest_month date := (date_trunc('month', now) - interval '25 months')::date;
  past_end date;
  new_end date;
  months date[];
  month date;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'));
  past_end := ledger.partition_bound('event_past', 'TO');
  new_end := past_end;
  WHILE new_end < oldest_month AND NOT ledger.has_events(new_end, (new_end + interval '1 month')::date) LOOP
    new_end := (new_end + interval '1 month')::date;
  END LOOP;
  -- Without the checked constraint, attaching would read all of `past` under the lock.
  IF new_end = past_end
    OR NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'ledger.event_past'::regclass AND conname = 'span' AND convalidated) THEN
    RETURN;
  END IF;

  SELECT array_agg(m ORDER BY m) INTO months FROM ledger.partition_months() m WHERE m >= past_end AND m < new_end;
  FOR attempt IN 1 .. attempts LOOP
    EXIT WHEN ledger.try_lock_events((SELECT array_agg(to_char(m, '"event_"YYYY_MM')) FROM unnest(months) m) || 'event_past'::text);
    PERFORM ledger.pause_after_attempt(attempt, attempts);
  END LOOP;
  -- An event may have come meanwhile: the next run folds what is empty then.
  IF ledger.has_events(past_end, new_end) THEN
    RETURN;
  END IF;
  FOREACH month IN ARRAY months LOOP
    EXECUTE format('DROP TABLE ledger.%I', to_char(month, '"event_"YYYY_MM'));
  END LOOP;
  ALTER TABLE ledger.event DETACH PARTITION ledger.event_past;
  EXECUTE format('ALTER TABLE ledger.event ATTACH PARTITION ledger.event_past FOR VALUES FROM (MINVALUE) TO (%L)', new_end::timestamptz);
  ALTER TABLE ledger.event_past DROP CONSTRAINT span;
  EXECUTE format('ALTER TABLE ledger.event_past ADD CONSTRAINT span CHECK (occurred_at < %L) NOT VALID', new_end::timestamptz);
END
$$;

-- All steps in one transaction: for a database without traffic, and for workers of an earlier version.
CREATE OR REPLACE FUNCTION ledger.maintain_partitions(now timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM ledger.add_partitions(now);
  PERFORM ledger.bound_past();
  PERFORM ledger.check_past();
  PERFORM ledger.move_future(now, 1);
  PERFORM ledger.drop_former_future();
  PERFORM ledger.fold_past(now, 1);
END
$$;

REVOKE ALL ON FUNCTION ledger.partition_bound(text, text), ledger.partition_months(), ledger.build_partition(text, date, date),
  ledger.attach_partition(text, date, date), ledger.try_lock_events(text[]), ledger.pause_after_attempt(integer, integer),
  ledger.has_events(date, date), ledger.copy_events(text, date, date), ledger.log_sizes(),
  ledger.copy_events_since(jsonb, text, date, date), ledger.add_partitions(timestamptz), ledger.bound_past(), ledger.check_past(),
  ledger.parts_of_future(date, date), ledger.move_future(timestamptz, integer), ledger.count_missing_events(),
  ledger.drop_former_future(), ledger.fold_past(timestamptz, integer) FROM PUBLIC;
