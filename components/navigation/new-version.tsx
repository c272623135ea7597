"use client"

import { useEffect } from "react"
import { Button } from "@/components/ui/button"
import { noticeVersion, useOutdated } from "@/components/ui/version-watch"

/** After this long in the background a tab checks once which version responds now. */
const askAfterMs = 60_000

/** Reports that a new version was installed while the tab was open: parts that were not loaded yet are missing. */
export function NewVersion() {
  const outdated = useOutdated()
  useEffect(() => {
    let askedAt = performance.now()
    const ask = () => {
      if (document.visibilityState !== "visible" || performance.now() - askedAt < askAfterMs) return
      askedAt = performance.now()
      void noticeVersion()
    }
    document.addEventListener("visibilitychange", ask)
    window.addEventListener("focus", ask)
    window.addEventListener("online", ask)
    return () => {
      document.removeEventListener("visibilitychange", ask)
      window.removeEventListener("focus", ask)
      window.removeEventListener("online", ask)
    }
  }, [])
  return (
    <div
      role="status"
      className={outdated ? "fixed inset-x-4 bottom-4 z-40 mx-auto w-fit max-w-full" : "sr-only"}
    >
      {outdated ? (
        <p className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border bg-popover px-4 py-2.5 text-sm shadow-popover">
          A new version is available.
          <Button size="sm" variant="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </p>
      ) : null}
    </div>
  )
}
