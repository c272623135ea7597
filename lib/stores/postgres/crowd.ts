import { instantText } from "@/lib/database/instant"

/** A large generated log for the tests of plans: many organizations of very different sizes, over two years. */
export const crowd = {
  events: 200_000,
  days: 740,
  /** Has 60 % of the events; the next ten 3 % each, all others the rest. */
  largest: organization(0),
  medium: organization(1),
  small: organization(40),
  empty: organization(99),
  app: appId(1),
  rareApp: appId(9),
  /** A code of one event in eight. */
  code: 400,
  rareCode: 901,
} as const

function organization(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`
}

function appId(number: number): string {
  return `00000000-0000-4000-9000-${String(number).padStart(12, "0")}`
}

/**
 * Returns the statements, to be run by a superuser, that fill an empty ledger with the generated log up to that time. The
 * server generates the rows, so they have no real seal; every third has the same time as the one before it.
 */
export function crowdStatements(endsAt: string): readonly string[] {
  return [
    // Building an index for existing rows is far faster than growing it.
    `CREATE TEMPORARY TABLE definition AS
       SELECT i.indexrelid::regclass::text AS name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS statement
       FROM pg_index i WHERE i.indrelid = 'ledger.event'::regclass AND NOT i.indisprimary`,
    "DO $$ DECLARE d record; BEGIN FOR d IN SELECT name FROM definition LOOP EXECUTE 'DROP INDEX ' || d.name; END LOOP; END $$",
    `INSERT INTO public.organization (id, slug, name)
       SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'crowd-' || n, 'Crowd ' || n FROM generate_series(0, 99) n`,
    `CREATE TEMPORARY TABLE crowd AS
       SELECT ('00000000-0000-4000-8000-' || lpad(organization::text, 12, '0'))::uuid AS organization_id,
         md5('event' || n)::uuid AS id,
         ('00000000-0000-4000-9000-' || lpad((CASE WHEN n % 20011 = 7 THEN 9 ELSE n % 5 END)::text, 12, '0'))::uuid AS app_id,
         row_number() OVER (PARTITION BY organization ORDER BY n) - 1 AS index,
         '${endsAt}'::timestamptz - (${crowd.events} - (n - (n % 3 = 0)::int)) * interval '${(crowd.days * 86_400) / crowd.events} seconds' AS occurred_at,
         (ARRAY['user.update', 'workflow.create', 'workflow.delete', 'api_key.create', 'invoice.read'])[1 + floor(power(draw % 1000 / 1000.0, 2) * 5)]
           || CASE WHEN n % 7919 = 3 THEN '.rare' ELSE '' END AS operation,
         CASE WHEN n % 41 = 0 THEN 'failure' WHEN n % 97 = 0 THEN 'denied' ELSE 'success' END AS status,
         'actor-' || floor(power(draw % 997 / 997.0, 3) * 300) AS actor_id,
         CASE WHEN n % 17 = 0 THEN NULL ELSE ('10.' || n % 4 || '.' || draw % 250 || '.' || (draw / 250) % 250)::inet END AS source_ip,
         'object-' || floor(power(draw % 9973 / 9973.0, 2) * 5000) AS target_id,
         CASE WHEN n % 4 = 0 THEN 'request-' || n / 8 END AS request_id,
         CASE WHEN n % 7919 = 3 THEN ${crowd.rareCode} WHEN n % 3 = 0 THEN 0 ELSE ${crowd.code} + draw % 5 END AS code
       FROM (
         SELECT n, abs(hashint8(n)::bigint) AS draw,
           CASE WHEN n % 10 < 6 THEN 0 WHEN n % 10 < 9 THEN 1 + (n / 10) % 10 ELSE 11 + (n / 10) % 80 END AS organization
         FROM generate_series(1, ${crowd.events}) n
       ) numbers`,
    `INSERT INTO ledger.event
       SELECT organization_id, id, app_id, index, occurred_at, occurred_at, operation, status, actor_id, source_ip,
         ARRAY[target_id, 'workflow:' || target_id], request_id,
         'B' || E'\\n' || lower(operation || ' was done ' || actor_id || ' name of ' || actor_id || ' ' || target_id || ' ' || coalesce(request_id, '')),
         sha256(id::text::bytea),
         json_build_object(
           'id', id, 'organizationId', organization_id, 'appId', app_id, 'operation', operation, 'family', 'made-up',
           'description', 'Was done', 'status', status, 'occurredAtAssumed', 'none',
           'occurredAt', ${instantText("occurred_at")},
           'receivedAt', ${instantText("occurred_at")},
           'actor', json_build_object('type', 'user', 'id', actor_id, 'name', 'Name of ' || actor_id),
           'targets', json_build_array(json_build_object('type', 'workflow', 'id', target_id)),
           'source', json_build_object('ip', host(source_ip), 'ipText', coalesce(host(source_ip), 'none')), 'requestId', request_id,
           'details', json_build_array(repeat('Something happened. ', 20)), 'changes', json_build_array(), 'metadata', json_build_object()
         )::text,
         NULL, code
       FROM crowd`,
    `INSERT INTO ledger.entry (organization_id, index, id, app_id, occurred_at, received_at, leaf_hash, salt)
       SELECT organization_id, index, id, app_id, occurred_at, occurred_at, sha256(id::text::bytea), decode(md5(id::text), 'hex') FROM crowd`,
    "INSERT INTO ledger.head (organization_id, size) SELECT organization_id, count(*) FROM crowd GROUP BY 1",
    "SET maintenance_work_mem = '256MB'",
    "DO $$ DECLARE d record; BEGIN FOR d IN SELECT statement FROM definition LOOP EXECUTE d.statement; END LOOP; END $$",
    "DROP TABLE crowd, definition",
    "VACUUM ANALYZE ledger.event",
    "VACUUM ANALYZE ledger.entry",
  ]
}
