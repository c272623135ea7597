"use client"

import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react"
import type { Submit } from "@/components/form/use-submit"
import { toast } from "@/components/ui/toast"

/** The zone in which somebody reads times, on every screen. */
export interface OwnZone {
  /** The chosen zone, or UTC while none was chosen. */
  readonly zone: string
  readonly isChosen: boolean
  /** Remembers a zone for this person, in every browser of theirs. */
  readonly remember: (zone: string) => void
}

const Context = createContext<OwnZone>({ zone: "UTC", isChosen: true, remember: ignore })

/** Returns the zone in which the reader reads times, and the way to remember another. */
export function useOwnZone(): OwnZone {
  return use(Context)
}

export type RememberZone = Submit<unknown, { readonly timeZone: string }>

export interface ZoneProviderProps {
  /** What the server remembers; null while nothing was chosen. */
  readonly timeZone: string | null
  readonly remember: RememberZone
  readonly children: ReactNode
}

/** Gives every screen below the reader's zone; a new choice counts at once and is stored along the way. */
export function ZoneProvider({ timeZone, remember, children }: ZoneProviderProps) {
  const [chosen, setChosen] = useState(timeZone)
  const rememberZone = useCallback(
    (zone: string) => {
      if (zone === chosen) return
      setChosen(zone)
      remember({ timeZone: zone })
        .then(result => {
          if (!result.ok) toast("The time zone could not be remembered.", "error")
        })
        .catch(() => toast("The time zone could not be remembered.", "error"))
    },
    [remember, chosen],
  )
  const own = useMemo(
    () => ({ zone: chosen ?? "UTC", isChosen: chosen !== null, remember: rememberZone }),
    [chosen, rememberZone],
  )
  return <Context value={own}>{children}</Context>
}

function ignore(): void {}
