import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"

// Prisma does not manage the schema `ledger`; with this snapshot a change of its catalogue is visible in review.
const queries: Readonly<Record<string, string>> = {
  columns: `SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN l.collname <> 'default' THEN ' COLLATE ' || l.collname ELSE '' END, CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum`,
  constraints: `SELECT format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'ledger'::regnamespace AND conparentid = 0 AND contype <> 'n' AND NOT (SELECT relispartition FROM pg_class WHERE oid = conrelid)
    ORDER BY 1`,
  indexes: `SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'ledger'::regnamespace AND NOT c.relispartition ORDER BY i.indexrelid::regclass::text`,
  "settings of every partition": `SELECT DISTINCT c.reloptions::text FROM pg_class c
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relispartition AND c.relkind = 'r' ORDER BY 1`,
  views: `SELECT format('%s, options %s: %s', c.relname, coalesce(c.reloptions::text, 'none'), regexp_replace(pg_get_viewdef(c.oid), '\\s+', ' ', 'g'))
    FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'v' ORDER BY c.relname`,
  functions: `SELECT format('%s(%s) owner %s%s, %s', p.proname, pg_get_function_arguments(p.oid), p.proowner::regrole,
      CASE WHEN p.prosecdef THEN ', with the rights of its owner' ELSE '' END, p.proconfig)
    FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace ORDER BY p.proname`,
  triggers: `SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'ledger'::regnamespace AND NOT c.relispartition AND NOT t.tgisinternal ORDER BY 1`,
  policies: `SELECT format('%s on %s for %s to %s using %s with check %s', policyname, tablename, cmd, roles, qual, with_check)
    FROM pg_policies WHERE schemaname = 'ledger' ORDER BY tablename, policyname`,
  "rights on the schema, tables, views and functions": `SELECT format('%s %s %s', r.grantee, string_agg(r.privilege, ', ' ORDER BY r.privilege), r.object) FROM (
      SELECT 'schema ledger' AS object, x.grantee::regrole::text AS grantee, x.privilege_type AS privilege
        FROM pg_namespace n, aclexplode(n.nspacl) x WHERE n.nspname = 'ledger'
      UNION ALL SELECT c.relname, x.grantee::regrole::text, x.privilege_type
        FROM pg_class c, aclexplode(c.relacl) x WHERE c.relnamespace = 'ledger'::regnamespace AND x.grantee <> c.relowner
      UNION ALL SELECT p.proname || '()', CASE x.grantee WHEN 0 THEN 'everybody' ELSE x.grantee::regrole::text END, x.privilege_type
        FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
        WHERE p.pronamespace = 'ledger'::regnamespace AND x.grantee <> p.proowner
    ) r WHERE r.grantee <> 'auditorium_owner' GROUP BY r.grantee, r.object ORDER BY r.object, r.grantee`,
  "rights of the application on the control plane": `SELECT format('%s %s', r.object, string_agg(r.privilege, ', ' ORDER BY r.privilege)) FROM (
      SELECT c.relname AS object, x.privilege_type AS privilege FROM pg_class c, aclexplode(c.relacl) x
        WHERE c.relnamespace = 'public'::regnamespace AND x.grantee = 'auditorium_application'::regrole
      UNION ALL SELECT c.relname, x.privilege_type || ' (' || string_agg(a.attname, ', ' ORDER BY a.attname) || ')'
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) x
        WHERE c.relnamespace = 'public'::regnamespace AND x.grantee = 'auditorium_application'::regrole GROUP BY c.relname, x.privilege_type
    ) r GROUP BY r.object ORDER BY r.object`,
  roles: `SELECT format('%s%s%s%s%s, in %s, with %s', rolname, CASE WHEN rolcanlogin THEN ' may sign in' ELSE '' END,
      CASE WHEN rolsuper THEN ' SUPERUSER' ELSE '' END, CASE WHEN rolbypassrls THEN ' BYPASSRLS' ELSE '' END, CASE WHEN rolcreaterole THEN ' CREATEROLE' ELSE '' END,
      ARRAY(SELECT DISTINCT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member = r.oid AND m.set_option ORDER BY 1), rolconfig)
    FROM pg_roles r WHERE rolname LIKE 'auditorium%' ORDER BY rolname`,
}

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.close())

it("the catalogue of the ledger is the one that was reviewed", async () => {
  let text = ""
  for (const [title, sql] of Object.entries(queries)) {
    const { rows } = await test.superuser.query({ text: sql, rowMode: "array" })
    text += `${title}\n${rows.map(([line]) => `  ${line}\n`).join("")}\n`
  }
  await expect(text).toMatchFileSnapshot("./catalogue.snapshot.txt")
})
