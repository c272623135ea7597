"use client"

import { ChevronDown, Globe } from "lucide-react"
import { useMemo, useState } from "react"
import { useLogQuery } from "@/components/audit-log/query-context"
import { formatOffset } from "@/components/time/format"
import { Button } from "@/components/ui/button"
import { Combobox } from "@/components/ui/combobox"
import type { ComboboxOption } from "@/components/ui/combobox-list"
import { useOwnZone } from "@/components/zone/zone-context"
import { browserZone, zoneNames } from "@/components/zone/zone-names"
import { instantFromDate } from "@/lib/audit/time/instant"

/** The zone in which times are shown and days begin. */
export function ZoneButton({ faultId }: { readonly faultId?: string }) {
  const { query, ask } = useLogQuery()
  const { remember } = useOwnZone()
  const [open, setOpen] = useState(false)
  const options = useMemo(() => (open ? zoneOptions() : []), [open])
  return (
    <Combobox
      label="Time zone"
      placeholder="Find a city or region"
      single
      options={options}
      values={[query.zone]}
      onValuesChange={([zone]) => {
        if (zone === undefined) return
        remember(zone)
        if (zone !== query.zone) ask({ ...query, zone, cursor: null, asOf: null })
      }}
      onOpenChange={setOpen}
    >
      <Button
        aria-label={`Time zone: ${query.zone}`}
        aria-invalid={faultId ? true : undefined}
        aria-describedby={faultId}
        className="max-w-44 aria-invalid:border-failure"
      >
        <Globe aria-hidden="true" className="size-3.5 text-muted-foreground" />
        <span className="truncate">{cityOf(query.zone)}</span>
        <ChevronDown aria-hidden="true" className="-mr-1 size-3.5 text-muted-foreground" />
      </Button>
    </Combobox>
  )
}

function zoneOptions(): readonly ComboboxOption[] {
  const now = instantFromDate(new Date())
  const here = browserZone()
  return zoneNames(here).map(({ name, formerName }) => {
    const label = name.replaceAll("_", " ")
    return {
      value: name,
      label: name === here ? `${label} (this browser)` : label,
      searchText: `${name} ${label} ${formerName ?? ""}`,
      hint: name === "UTC" ? undefined : formatOffset(now, name),
    }
  })
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ")
}
