"use client"

import { type ComponentType, useEffect, useState } from "react"
import { isolateRuns } from "@/lib/audit/direction"

type Kind = "success" | "error" | "message"

/** Shows a passing message that something was done. Faults that need a decision belong in the page instead. */
export function toast(message: string, kind: Kind = "success"): void {
  import("sonner").then(({ toast: show }) => show[kind](isolateRuns(message))).catch(ignore)
}

/** When the code of a passing message cannot be loaded, no message is shown. */
function ignore(): void {}

/** Where passing messages appear. Its code is loaded when the page is idle. */
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
