"use client"

import { Globe } from "lucide-react"
import { useEffect, useState } from "react"
import { Button } from "@/components/ui/button"
import { useOwnZone } from "./zone-context"
import { browserZone } from "./zone-names"

/** Offers the browser's zone to a person who has chosen none. Either answer is stored, so it is asked once. */
export default function ZoneOffer() {
  const { isChosen, remember } = useOwnZone()
  const [here, setHere] = useState<string | null>(null)
  // Only the browser knows its zone: the server renders no offer.
  useEffect(() => setHere(browserZone()), [])
  if (isChosen || here === null || isUtc(here)) return null
  const name = here.replaceAll("_", " ")
  return (
    <section
      aria-label="Time zone"
      className="fixed inset-x-4 bottom-4 z-20 mx-auto grid w-fit max-w-[calc(100vw-2rem)] gap-2 rounded-md border bg-popover px-4 py-3 text-sm shadow-popover sm:flex sm:items-center sm:gap-4"
    >
      <p className="flex items-center gap-2">
        <Globe aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
        Times are shown in UTC. This browser is in {name}.
      </p>
      <span className="flex flex-wrap gap-2">
        <Button size="sm" variant="primary" onClick={() => remember(here)}>
          Use {name}
        </Button>
        <Button size="sm" onClick={() => remember("UTC")}>
          Keep UTC
        </Button>
      </span>
    </section>
  )
}

function isUtc(zone: string): boolean {
  return /^(Etc\/)?(UTC|UCT|GMT|Universal|Zulu|Greenwich)$/.test(zone)
}
