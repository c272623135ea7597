import type { Fault } from "@/lib/errors"
import type { AuditQuery } from "./query"
import { type Side, setValues } from "./question"
import { equalTo, type FieldValues } from "./value"

export type ResolvedQuery =
  | { readonly ok: true; readonly query: AuditQuery }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** The pointers of a query's apps in what the caller sent. */
const pointers = {
  parameters: { include: "/app", exclude: "/-app" },
  object: { include: "/include/app", exclude: "/exclude/app" },
} as const satisfies Record<string, Record<Side, string>>

/**
 * Returns the query with app ids in place of slugs, as stores need it. `apps` are those that the caller may know; any other
 * slug is a fault, never a filter that is left out.
 */
export function resolveApps(
  query: AuditQuery,
  apps: readonly { readonly id: string; readonly slug: string }[],
  form: keyof typeof pointers,
): ResolvedQuery {
  const ids = new Map(apps.map(app => [app.slug, app.id]))
  const faults: Fault[] = []
  const resolve = (side: Side): FieldValues => {
    const found = (query[side].app ?? []).flatMap(({ value: slug }) => {
      const id = ids.get(slug)
      if (id === undefined)
        faults.push({ pointer: pointers[form][side], message: `${JSON.stringify(slug)} is no app here` })
      return id === undefined ? [] : [equalTo(id)]
    })
    return setValues(query[side], "app", found)
  }
  const resolved: AuditQuery = { ...query, include: resolve("include"), exclude: resolve("exclude") }
  return faults.length === 0 ? { ok: true, query: resolved } : { ok: false, faults }
}
