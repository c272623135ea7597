"use client"

import { useEffect } from "react"
import { onSignedOut } from "@/components/account/signed-out"

/**
 * Hides the page as soon as the session has ended: at once when another tab signs out, otherwise when the tab gets the
 * focus and the server no longer knows the session, or it belongs to somebody else.
 */
export function SessionWatch({ email }: { readonly email: string }) {
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== "visible") return
      const answer = await fetch("/account/session", { cache: "no-store" }).catch(() => null)
      // An unreachable server says nothing about the session.
      if (answer === null) return
      const known: unknown = answer.ok ? await answer.json().catch(() => null) : null
      if (answer.status === 401) hideAndLeave()
      else if (answer.ok && Object(known).email !== email) hideAndReload()
    }
    const stop = onSignedOut(hideAndLeave)
    window.addEventListener("focus", look)
    document.addEventListener("visibilitychange", look)
    return () => {
      stop()
      window.removeEventListener("focus", look)
      document.removeEventListener("visibilitychange", look)
    }
  }, [email])
  return null
}

function hideAndLeave(): void {
  document.body.hidden = true
  const here = `${window.location.pathname}${window.location.search}`
  window.location.replace(`/sign-in?return=${encodeURIComponent(here)}`)
}

function hideAndReload(): void {
  document.body.hidden = true
  window.location.reload()
}
