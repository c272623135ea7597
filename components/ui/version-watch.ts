"use client"

import { useSyncExternalStore } from "react"

/** Tells which build of the console answers; the page knows by `data-build` which one it came from. */
const buildPath = "/api/build"

let outdated = false
const listeners = new Set<() => void>()

/** Returns whether another version was installed since this page was loaded, as far as is known. */
export function isOutdated(): boolean {
  return outdated
}

/** Asks the server for its version. Returns whether it is another one than this page's; false while nobody answers. */
export async function noticeVersion(): Promise<boolean> {
  if (outdated) return true
  const own = document.documentElement.dataset.build
  const answer = await fetch(buildPath, { cache: "no-store" }).catch(() => null)
  const served = answer?.ok ? (await answer.text().catch(() => "")).trim() : ""
  // A proxy's own page in place of the answer tells nothing.
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
