"use client"

import { useSyncExternalStore } from "react"

/** Names the build of the console that responds; the page knows its own from `data-build`. */
const buildPath = "/api/build"

let outdated = false
const listeners = new Set<() => void>()

/** Returns whether another version was installed since this page was loaded, as far as known. */
export function isOutdated(): boolean {
  return outdated
}

/** Asks the server for its version. Returns whether it differs from this page's; false while the server cannot be reached. */
export async function noticeVersion(): Promise<boolean> {
  if (outdated) return true
  const own = document.documentElement.dataset.build
  const answer = await fetch(buildPath, { cache: "no-store" }).catch(() => null)
  const served = answer?.ok ? (await answer.text().catch(() => "")).trim() : ""
  // A proxy's own page in place of the response says nothing.
  if (own === undefined || !/^[\w-]{1,64}$/.test(served) || served === own) return false
  outdated = true
  for (const listener of listeners) listener()
  return true
}

/** Whether another version was installed since this page was loaded. */
export function useOutdated(): boolean {
  return useSyncExternalStore(subscribe, isOutdated, () => false)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
