"use client"

import { type ComponentType, useEffect, useState } from "react"
import { isolateRuns } from "@/lib/audit/direction"

type Kind = "success" | "error" | "message"

/** Says in passing that something was done. Faults that need a decision belong into the page instead. */
export function toast(message: string, kind: Kind = "success"): void {
  void import("sonner").then(({ toast: show }) => show[kind](isolateRuns(message)))
}

/** The place where passing messages appear. Its code comes when the page is at rest. */
export function ToastRegion() {
  const [Toaster, setToaster] = useState<ComponentType | null>(null)
  useEffect(() => {
    const load = () => void import("./toaster").then(module => setToaster(() => module.Toaster))
    const timer = setTimeout(load, 1500)
    return () => clearTimeout(timer)
  }, [])
  return Toaster ? <Toaster /> : null
}
