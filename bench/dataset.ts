import { createHash } from "node:crypto"
import type pg from "pg"
import { instantText } from "@/lib/database/instant"

/** Sizes of the organizations of a data set: one large, ten medium, many small; the shares are 60, 30 and 10 per cent. */
export interface Dataset {
  readonly events: number
  readonly largest: string
  readonly smallest: string
  /** The apps of the largest organization, oldest first. */
  readonly appIds: readonly string[]
}

interface OrganizationSize {
  readonly id: string
  readonly size: number
  readonly number: number
}

const mediumCount = 10

/** Returns a UUID that depends on the name alone, so that a stored data set is recognised. */
export function namedId(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function organizationSizes(events: number): OrganizationSize[] {
  const smallCount = Math.min(1000, Math.max(10, Math.floor(events / 1000)))
  const sizes = [Math.round(events * 0.6)]
  for (let n = 0; n < mediumCount; n++) sizes.push(Math.round((events * 0.3) / mediumCount))
  for (let n = 0; n < smallCount; n++) sizes.push(Math.max(1, Math.round((events * 0.1) / smallCount)))
  return sizes.map((size, number) => ({ id: namedId(`organization ${number}`), size, number }))
}

/** Returns what the data set of that size contains, without reading the database. */
export function describeDataset(events: number): Dataset {
  const sizes = organizationSizes(events)
  return {
    events: sizes.reduce((sum, { size }) => sum + size, 0),
    largest: namedId("organization 0"),
    smallest: sizes[sizes.length - 1]?.id ?? "",
    appIds: Array.from({ length: 8 }, (_, n) => namedId(`app 0 ${n}`)),
  }
}

const appId = (organization: string, number: string) =>
  `(SELECT overlay(overlay(encode(sha256(convert_to('app ' || ${organization} || ' ' || ${number}, 'UTF8')), 'hex') placing '4' from 13) placing '8' from 17))`

/** One row per event: skewed apps, operations, actors and ips, 96 per cent successes, two years, about 0.9 KB. */
const generated = `
  SELECT o.id AS organization_id, o.number AS organization_number, i AS index,
         date_trunc('microseconds', now() - interval '730 days' * (1 - (i + random()) / o.size)) AS occurred_at,
         gen_random_uuid() AS id,
         (8 * power(random(), 2))::int AS app_number,
         CASE WHEN i % 100003 = 77 THEN 'vault.unseal'
              ELSE (ARRAY['model','workflow','api_proxy','invoice','robot','user_session','api_key','project','deployment','collaborator'])[1 + (10 * power(random(), 1.5))::int % 10]
                   || '.' || (ARRAY['create','update','delete','read','export','approve'])[1 + (6 * power(random(), 2))::int % 6] END AS operation,
         CASE WHEN random() < 0.96 THEN 'success' WHEN random() < 0.7 THEN 'failure' ELSE 'denied' END AS status,
         CASE WHEN i % 60013 = 5 THEN 'user-rare' ELSE 'user-' || (2000 * power(random(), 2))::int END AS actor_id,
         '10.' || (random() * 3)::int || '.' || (random() * 30)::int || '.' || (random() * 60)::int AS ip,
         (50000 * power(random(), 2))::int AS target_number,
         encode(sha256(convert_to(o.number || ' ' || i, 'UTF8')), 'hex') AS hash
  FROM unnest($1::uuid[], $2::int[], $3::int[]) AS o(id, size, number)
  CROSS JOIN LATERAL generate_series(0, o.size - 1) AS i`

const complete = `
  SELECT g.*, 'req-' || left(hash, 20) AS request_id, 'object-' || target_number AS target_id,
         lower('Object ' || target_number || ' ' || operation || CASE WHEN index % 70001 = 9 THEN ' zanzibar' ELSE '' END
           || CASE WHEN organization_number BETWEEN 1 AND 10 AND index % 7 = 3 THEN ' fjordland' ELSE '' END) AS sentence,
         ${instantText("occurred_at")} AS occurred_text
  FROM bench_rows g`

/** One of forty codes, none of which is of the catalogue. */
const code = "(2000 + index % 40)::int"

const body =
  `
  '{"actor":{"email":"' || actor_id || '@example.com","id":"' || actor_id || '","name":"Person ' || actor_id || '","type":"user"},"appId":"' || app_id ||
  '","changes":[{"after":"` +
  `' || left(hash, 24) || '","before":"' || right(hash, 24) || '","path":"/settings/value"}],"description":"' || sentence ||
  '","details":["' || sentence || ' was done by Person ' || actor_id || '"],"family":"' || split_part(operation, '.', 1) ||
  '","http":{"durationMs":' || target_number % 900 || ',"method":"POST","path":"/v1/objects/' || target_number || '","status":200},"id":"' || id ||
  '","metadata":{"build":"' || hash || '","region":"eu-west-1","tenant":"' || organization_number || '","trace":"' || hash || '"},"occurredAt":"' || occurred_text ||
  '","occurredAtAssumed":"none","operation":"' || operation || '","operationCode":' || ${code} || ',"organizationId":"' || organization_id || '","receivedAt":"' || occurred_text ||
  '","requestId":"' || request_id || '","source":{"ip":"' || ip || '","ipText":"' || ip || '","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"},"status":"' || status ||
  '","targets":[{"id":"' || target_id || '","name":"Object ' || target_number || '","type":"object"}]}'`

/**
 * Fills an empty ledger with a data set of that size, analysed and vacuumed. Needs a superuser; takes minutes at ten
 * million.
 */
export async function generateDataset(superuser: pg.ClientBase, events: number): Promise<Dataset> {
  const sizes = organizationSizes(events)
  await superuser.query(
    `INSERT INTO public.organization (id, slug, name)
     SELECT id, 'bench-' || number, 'Bench ' || number FROM unnest($1::uuid[], $2::int[]) AS o(id, number)`,
    [sizes.map(({ id }) => id), sizes.map(({ number }) => number)],
  )
  // The one that is measured, and its neighbour.
  for (const { id, number } of sizes.slice(0, 2)) {
    for (let n = 0; n < 8; n++) {
      await superuser.query(
        "INSERT INTO public.app (id, organization_id, slug, name) VALUES ($1, $2, $3, $4)",
        [namedId(`app ${number} ${n}`), id, `app-${n}`, `App ${n}`],
      )
    }
    await superuser.query(
      "INSERT INTO public.app (id, organization_id, slug, name, built_in) VALUES ($1, $2, 'auditorium', 'Auditorium', true)",
      [namedId(`app ${number} auditorium`), id],
    )
  }
  const indexes = await dropIndexes(superuser)
  await superuser.query(`CREATE UNLOGGED TABLE bench_rows AS ${generated}`, [
    sizes.map(({ id }) => id),
    sizes.map(({ size }) => size),
    sizes.map(({ number }) => number),
  ])
  await superuser.query(`
    INSERT INTO ledger.event (organization_id, occurred_at, id, index, received_at, app_id, operation, status, actor_id, source_ip,
                              target_keys, request_id, search_text, leaf_hash, body, operation_code)
    SELECT organization_id, occurred_at, id, index, occurred_at, app_id::uuid, operation, status, actor_id, ip::inet,
           ARRAY[target_id, 'object:' || target_id], request_id,
           left('B' || E'\\n' || sentence || ' ' || operation || ' ' || actor_id || ' person ' || actor_id || ' ' || target_id || ' ' || request_id || ' ' || ip, 1000),
           decode(hash, 'hex'), ${body}, ${code}
    FROM (SELECT c.*, ${asUuid(appId("organization_number::text", "app_number::text"))} AS app_id FROM (${complete}) c) row`)
  await superuser.query(`
    INSERT INTO ledger.entry (organization_id, index, id, app_id, occurred_at, received_at, leaf_hash, salt)
    SELECT organization_id, index, id, app_id, occurred_at, received_at, leaf_hash, substr(leaf_hash, 1, 16) FROM ledger.event`)
  await superuser.query(
    `INSERT INTO ledger.head (organization_id, size) SELECT * FROM unnest($1::uuid[], $2::bigint[])
     ON CONFLICT (organization_id) DO UPDATE SET size = excluded.size`,
    [sizes.map(({ id }) => id), sizes.map(({ size }) => size)],
  )
  await superuser.query("DROP TABLE bench_rows")
  for (const index of indexes) await superuser.query(index)
  for (const table of ["ledger.event", "ledger.entry", "ledger.head"])
    await superuser.query(`VACUUM (ANALYZE) ${table}`)
  return describeDataset(events)
}

function asUuid(hex: string): string {
  return `(substr(${hex}, 1, 8) || '-' || substr(${hex}, 9, 4) || '-' || substr(${hex}, 13, 4) || '-' || substr(${hex}, 17, 4) || '-' || substr(${hex}, 21, 12))`
}

/** Building an index once is many times faster than updating it for every row; the definitions are restored afterwards. */
async function dropIndexes(superuser: pg.ClientBase): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string; definition: string }>(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index WHERE indrelid = 'ledger.event'::regclass AND NOT indisprimary`)
  for (const { name } of rows) await superuser.query(`DROP INDEX ${name}`)
  return rows.map(({ definition }) => definition.replace(" ON ONLY ", " ON "))
}
