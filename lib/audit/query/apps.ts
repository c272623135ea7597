import type { Fault } from "@/lib/errors"
import { type Side, setValues } from "./query"
import type { FieldValues, Selection } from "./selection"
import { equalTo } from "./value"

/** The selection with the ids of its apps, or a fault for each unknown one. */
export type SelectionOfApps =
  | { readonly ok: true; readonly selection: Selection }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** The pointers of a query's apps in what the caller sent. */
const pointers = {
  parameters: { include: "/app", exclude: "/-app" },
  object: { include: "/include/app", exclude: "/exclude/app" },
} as const satisfies Record<string, Record<Side, string>>

/**
 * Returns the selection with app ids in place of slugs, as stores need it. `apps` are those that the caller may know; any other
 * slug is a fault, never a filter that is left out.
 */
export function resolveApps(
  selection: Selection,
  apps: readonly { readonly id: string; readonly slug: string }[],
  form: keyof typeof pointers,
): SelectionOfApps {
  const ids = new Map(apps.map(app => [app.slug, app.id]))
  const faults: Fault[] = []
  const resolve = (side: Side): FieldValues => {
    const found = (selection[side].app ?? []).flatMap(({ value: slug }) => {
      const id = ids.get(slug)
      if (id === undefined)
        faults.push({ pointer: pointers[form][side], message: `${JSON.stringify(slug)} is no app here` })
      return id === undefined ? [] : [equalTo(id)]
    })
    return setValues(selection[side], "app", found)
  }
  const resolved: Selection = { ...selection, include: resolve("include"), exclude: resolve("exclude") }
  return faults.length === 0 ? { ok: true, selection: resolved } : { ok: false, faults }
}
