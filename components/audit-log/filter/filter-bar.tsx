"use client"

import { useLog } from "@/components/audit-log/log-context"
import type { FieldName } from "@/lib/audit/query/fields"
import { FieldFilter } from "./field-filter"
import { Pills } from "./pills"
import { TextSearch } from "./text-search"
import { WindowButton } from "./window-button"
import { ZoneButton } from "./zone-button"

/** The filters that have a button; the request has none, it is filtered by from an event that names it. */
const shownFields: readonly FieldName[] = ["app", "operation", "status", "actor", "target", "ip"]

const windowParameters: readonly string[] = ["window", "from", "to", "exclude-today"]

/** Promise: the id of the words that tell a fault of the address. */
export function faultId(index: number): string {
  return `audit-log-fault-${index}`
}

/** Everything that narrows the log. Each control that the address is wrong about points to the words that say so. */
export function FilterBar() {
  const { body } = useLog()
  const faults = body.kind === "faults" ? body.faults : []
  const faultOf = (...names: readonly string[]) => {
    const index = faults.findIndex(fault => names.includes(fault.name))
    return index === -1 ? undefined : faultId(index)
  }
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-start gap-2">
        <TextSearch />
        <WindowButton faultId={faultOf(...windowParameters)} />
        <ZoneButton faultId={faultOf("zone")} />
        {shownFields.map(field => (
          <FieldFilter key={field} field={field} faultId={faultOf(field, `-${field}`)} />
        ))}
      </div>
      <Pills />
    </div>
  )
}
