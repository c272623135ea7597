-- Texts and targets are found by indexes that begin with the organization, so that what others keep is neither read nor
-- paid for. What is searched is made in another form, which begins with the capital B (lib/audit/event/search-text.ts).
--
-- This part changes the catalogue only. Where there are partitions already, their indexes are built and their texts made
-- anew outside of any transaction (lib/migrations/online), and the former indexes are dropped after that.

-- Lets a column of an ordinary type stand in a GIN index.
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE INDEX event_organization_target_idx ON ONLY ledger.event USING gin (organization_id, target_keys);
DO $trigram$
DECLARE
  extension_schema text := (
    SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'
  );
BEGIN
  EXECUTE format(
    'CREATE INDEX event_organization_text_idx ON ONLY ledger.event USING gin (organization_id, search_text %I.gin_trgm_ops)', extension_schema
  );
END
$trigram$;

-- Events whose text has an earlier form: from before this migration, or from a process of the version before. Empty else.
CREATE INDEX event_earlier_text_idx ON ONLY ledger.event (organization_id, occurred_at, id) WHERE left(search_text, 1) <> 'B';

DO $empty$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhparent = 'ledger.event'::regclass) THEN
    DROP INDEX ledger.event_search_text_idx, ledger.event_target_keys_idx;
  END IF;
END
$empty$;

-- As before, and beside it: the maintenance role may replace the text by which an event is searched, which is made from the
-- sealed content and is no part of it. Every other column must stay byte for byte.
CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'auditorium_maintenance' THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME <> 'entry' THEN
      OLD.search_text := NEW.search_text;
      IF OLD *= NEW THEN
        RETURN NEW;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '% of ledger.% refused: events are never changed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

GRANT USAGE ON SCHEMA ledger TO auditorium_maintenance;
GRANT SELECT (organization_id, occurred_at, id, search_text, body), UPDATE (search_text) ON ledger.event TO auditorium_maintenance;
CREATE POLICY read_for_maintenance ON ledger.event FOR SELECT TO auditorium_maintenance USING (true);
CREATE POLICY search_text_for_maintenance ON ledger.event FOR UPDATE TO auditorium_maintenance USING (true) WITH CHECK (true);

-- Whether every event is searched by a text of the present form. Says nothing of any organization.
CREATE FUNCTION ledger.text_is_complete() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  -- Until each partition has its index, asking would mean reading all events.
  IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = 'ledger.event_earlier_text_idx'::regclass) THEN
    RETURN false;
  END IF;
  RETURN NOT EXISTS (SELECT FROM ledger.event WHERE left(search_text, 1) <> 'B');
END
$$;
REVOKE ALL ON FUNCTION ledger.text_is_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.text_is_complete() TO auditorium_application;
GRANT CREATE ON SCHEMA ledger TO auditorium_reader;
ALTER FUNCTION ledger.text_is_complete() OWNER TO auditorium_reader;
REVOKE CREATE ON SCHEMA ledger FROM auditorium_reader;
