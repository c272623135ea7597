"use client"

import { useEffect } from "react"
import { onSignedOut } from "@/components/account/signed-out"

/**
 * Hides what stands on the page as soon as the session is over: at once when another tab signs out, else when the tab gets
 * the focus again and the server knows the session no more, or knows it as somebody else's.
 */
export function SessionWatch({ email }: { readonly email: string }) {
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== "visible") return
      const answer = await fetch("/account/session", { cache: "no-store" }).catch(() => null)
      // A server that cannot be reached says nothing about the session.
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
