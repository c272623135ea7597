"use client"

import { type ComponentType, useEffect, useState } from "react"
import { isolateRuns } from "@/lib/audit/direction"

type Kind = "success" | "error" | "message"

/** Says in passing that something was done. Faults that need a decision belong into the page instead. */
export function toast(message: string, kind: Kind = "success"): void {
  import("sonner").then(({ toast: show }) => show[kind](isolateRuns(message))).catch(ignore)
}

/** A message in passing whose code cannot be fetched is not worth another message. */
function ignore(): void {}

/** The place where passing messages appear. Its code comes when the page is at rest. */
export function ToastRegion() {
  const [Toaster, setToaster] = useState<ComponentType | null>(null)
  useEffect(() => {
    const load = () => {
      import("./toaster").then(module => setToaster(() => module.Toaster)).catch(ignore)
    }
    const timer = setTimeout(load, 1500)
    window.addEventListener("online", load)
    return () => {
      clearTimeout(timer)
      window.removeEventListener("online", load)
    }
  }, [])
  return Toaster ? <Toaster /> : null
}
