"use client"

import { WifiOff } from "lucide-react"
import { useEffect, useSyncExternalStore } from "react"

/**
 * Reports that the browser has no connection, and keeps the page meanwhile: a link to another page would end on the
 * browser's own error page. Links within the page's own path are left to the page: it keeps its rows and offers to try
 * again.
 */
export function ConnectionWatch() {
  const online = useSyncExternalStore(subscribe, isOnline, () => true)
  useEffect(() => {
    if (online) return
    // Before React gets the click: Next's links would start to navigate.
    document.addEventListener("click", keepPage, { capture: true })
    return () => document.removeEventListener("click", keepPage, { capture: true })
  }, [online])
  return (
    <div
      role="status"
      className={online ? "sr-only" : "fixed inset-x-4 bottom-4 z-40 mx-auto w-fit max-w-full"}
    >
      {online ? null : (
        <p className="flex items-center gap-2 rounded-md border bg-popover px-4 py-2.5 text-sm shadow-popover">
          <WifiOff aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          No connection. This page stays open; links to other pages work again when you are back online.
        </p>
      )}
    </div>
  )
}

function keepPage(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null
  if (!(link instanceof HTMLAnchorElement)) return
  const leaves = link.origin === window.location.origin && link.pathname !== window.location.pathname
  if (!leaves || link.target === "_blank" || link.hasAttribute("download")) return
  if (link.dataset.staysOnPage !== undefined && isPlain(event)) return
  event.preventDefault()
  event.stopPropagation()
}

function isPlain({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return !metaKey && !ctrlKey && !shiftKey && !altKey
}

function isOnline(): boolean {
  return navigator.onLine
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("online", onChange)
  window.addEventListener("offline", onChange)
  return () => {
    window.removeEventListener("online", onChange)
    window.removeEventListener("offline", onChange)
  }
}
