"use client"

import { useRouter } from "next/navigation"
import { useEffect } from "react"

const everyMs = 3_000

/** Renders the page again every few seconds while it is visible. */
export function KeepFresh() {
  const { refresh } = useRouter()
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh()
    }, everyMs)
    return () => clearInterval(timer)
  }, [refresh])
  return null
}
