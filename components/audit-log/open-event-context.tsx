"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { createContext, use, useCallback, useMemo, useState } from "react"
import { openEventParameter, withOpenEvent } from "./query/address"

/** The event that is open beside the table. */
export interface OpenEvent {
  readonly openEventId: string | null
  readonly openEvent: (id: string) => void
  readonly closeEvent: () => void
}

export const OpenEventContext = createContext<OpenEvent | null>(null)

export function useOpenEvent(): OpenEvent {
  const open = use(OpenEventContext)
  if (!open) throw new Error("useOpenEvent was called outside LogProvider")
  return open
}

/**
 * The url also contains the open event, but changing it sends no query. Going back closes it. The router reports a new url
 * with a delay, too late for fast key presses: the event that was opened last counts at once.
 */
export function useOpenEventOfUrl(): OpenEvent {
  const pathname = usePathname()
  const search = useSearchParams()
  const told = search.get(openEventParameter)
  const [openEventId, setOpenEventId] = useState(told)
  const [heard, setHeard] = useState(told)
  if (told !== heard) {
    setHeard(told)
    setOpenEventId(currentSearch(search).get(openEventParameter))
  }

  const openEvent = useCallback(
    (id: string) => {
      const current = currentSearch(search)
      const address = `${pathname}?${withOpenEvent(current, id)}`
      if (current.has(openEventParameter)) window.history.replaceState(null, "", address)
      else window.history.pushState(null, "", address)
      setOpenEventId(id)
    },
    [pathname, search],
  )
  const closeEvent = useCallback(() => {
    const rest = withOpenEvent(currentSearch(search), null).toString()
    window.history.replaceState(null, "", rest === "" ? pathname : `${pathname}?${rest}`)
    setOpenEventId(null)
  }, [pathname, search])
  return useMemo(() => ({ openEventId, openEvent, closeEvent }), [openEventId, openEvent, closeEvent])
}

/** The parameters of the current url; on the server those that were passed. */
function currentSearch(told: URLSearchParams): URLSearchParams {
  return typeof window === "undefined" ? told : new URLSearchParams(window.location.search)
}
