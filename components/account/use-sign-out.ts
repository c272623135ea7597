"use client"

import { useState } from "react"
import { toast } from "@/components/ui/toast"
import type { ActionResult } from "@/lib/http/action"
import { tellSignedOut } from "./signed-out"

/** Ends one session or all; returns the reason when it failed. */
export type SignOut = () => Promise<ActionResult<unknown>>

/**
 * Signs out, in every tab, and loads a new document, so that nothing read before stays in memory: the sign-in page, or the
 * same url as a signed-out visitor.
 */
export function useSignOut(
  signOut: SignOut,
  next: "sign-in" | "here" = "sign-in",
): readonly [pending: boolean, leave: () => void] {
  const [pending, setPending] = useState(false)
  const leave = async () => {
    setPending(true)
    const result = await signOut().catch(() => null)
    if (result?.ok) {
      tellSignedOut()
      if (next === "here") window.location.reload()
      else window.location.replace("/sign-in")
      return
    }
    setPending(false)
    toast(result?.message ?? "The server could not be reached; you are still signed in.", "error")
  }
  return [pending, () => void leave()]
}
