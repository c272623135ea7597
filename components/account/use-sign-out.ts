"use client"

import { useTransition } from "react"
import { toast } from "@/components/ui/toast"
import type { ActionResult } from "@/lib/http/action"

/** Ends one session or all; tells why when it could not. */
export type SignOut = () => Promise<ActionResult<unknown>>

/** Signs out and leaves for the sign-in page by a whole new document, so that nothing read before stays in memory. */
export function useSignOut(signOut: SignOut): readonly [pending: boolean, leave: () => void] {
  const [pending, start] = useTransition()
  const leave = () =>
    start(async () => {
      const result = await signOut().catch(() => null)
      if (result?.ok) window.location.replace("/sign-in")
      else toast(result?.message ?? "The server could not be reached; you are still signed in.", "error")
    })
  return [pending, leave]
}
