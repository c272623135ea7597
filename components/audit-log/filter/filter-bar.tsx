"use client"

import { SlidersHorizontal } from "lucide-react"
import { useState } from "react"
import { conditionsOf } from "@/components/audit-log/query/words"
import { useLogQuery } from "@/components/audit-log/query-context"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { Sheet, SheetClose, SheetContent, SheetTrigger } from "@/components/ui/sheet"
import type { FieldName } from "@/lib/audit/query/fields"
import { FieldFilter } from "./field-filter"
import { Pills } from "./pills"
import { TextSearch } from "./text-search"
import { WindowButton } from "./window-button"
import { ZoneButton } from "./zone-button"

/** The fields with a filter button; the request has none, events link to that filter. */
const shownFields: readonly FieldName[] = ["app", "operation", "code", "status", "actor", "target", "ip"]

const windowParameters: readonly string[] = ["window", "from", "to", "exclude-today"]

/** Returns the id of the element that describes a fault of the url. */
export function faultId(index: number): string {
  return `audit-log-fault-${index}`
}

/** All filters of the log. Each control with a fault in the url refers to its description. */
export function FilterBar() {
  const { body } = useLogQuery()
  const faults = body.kind === "faults" ? body.faults : []
  const faultOf: FaultOf = (...names) => {
    const index = faults.findIndex(fault => names.includes(fault.name))
    return index === -1 ? undefined : faultId(index)
  }
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-start gap-2">
        <TextSearch />
        <WindowButton faultId={faultOf(...windowParameters)} />
        <FilterSheet faultOf={faultOf} />
        <div className="contents max-sm:hidden">
          <Filters faultOf={faultOf} />
        </div>
      </div>
      <Pills />
    </div>
  )
}

type FaultOf = (...names: readonly string[]) => string | undefined

function Filters({ faultOf }: { readonly faultOf: FaultOf }) {
  return (
    <>
      <ZoneButton faultId={faultOf("zone")} />
      {shownFields.map(field => (
        <FieldFilter key={field} field={field} faultId={faultOf(field, `-${field}`)} />
      ))}
    </>
  )
}

/** On a phone the filters are one sheet behind one button, which shows how many are set. */
function FilterSheet({ faultOf }: { readonly faultOf: FaultOf }) {
  const { query } = useLogQuery()
  const [open, setOpen] = useState(false)
  const count = conditionsOf(query).length
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button className="sm:hidden">
          <SlidersHorizontal aria-hidden="true" className="size-3.5 text-muted-foreground" />
          Filters
          {count > 0 ? (
            <Badge tone="primary" className="-my-1">
              {count}
              <span className="sr-only"> in force</span>
            </Badge>
          ) : null}
        </Button>
      </SheetTrigger>
      <SheetContent title="Filters" className="w-full max-w-96">
        <div className="grid content-start gap-2 overflow-y-auto px-4 pb-4 [&>button]:w-full [&>button]:max-w-none! [&>button]:justify-between">
          <Filters faultOf={faultOf} />
          <Pills />
        </div>
        <div className="mt-auto border-t p-4">
          <SheetClose asChild>
            <Button variant="primary" className="w-full">
              Show the events
            </Button>
          </SheetClose>
        </div>
      </SheetContent>
    </Sheet>
  )
}
