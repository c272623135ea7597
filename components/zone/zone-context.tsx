"use client"

import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react"
import type { Submit } from "@/components/form/use-submit"
import { toast } from "@/components/ui/toast"

/** The zone in which a person reads times, on every screen. */
export interface OwnZone {
  /** The chosen zone, or UTC while none was chosen. */
  readonly zone: string
  readonly isChosen: boolean
  /** Stores a zone for this person, for all their browsers. */
  readonly remember: (zone: string) => void
}

const Context = createContext<OwnZone>({ zone: "UTC", isChosen: true, remember: ignore })

/** Returns the reader's zone, and the function that changes it. */
export function useOwnZone(): OwnZone {
  return use(Context)
}

export type RememberZone = Submit<unknown, { readonly timeZone: string }>

export interface ZoneProviderProps {
  /** The zone stored on the server; null while nothing was chosen. */
  readonly timeZone: string | null
  readonly remember: RememberZone
  readonly children: ReactNode
}

/** Gives every screen below the reader's zone; a new choice applies at once and is stored in the background. */
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
