"use client"

import { useEffect } from "react"
import { type Held, heldBy, pageHeading, placeForFocus } from "./focus-place"

/** Long enough for a closing dialog to return the focus itself. */
const patienceMs = 60

/**
 * Keeps the focus on the page. When the focused element disappears (a deleted row, a button that a write replaced, the page
 * that a link left), the focus moves to what remains beside it, or to the heading of what is there now; it is never lost.
 */
export function FocusKeeper() {
  useEffect(() => keepFocus(document), [])
  return null
}

/** Outlives the frame of the page, which is rendered again when a person switches the organization. */
let held: Held | null = null

function keepFocus(page: Document): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const added = new Set<Element>()

  const hold = ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || target.closest(modal)) return
    held = heldBy(target)
    added.clear()
  }
  // A click beside all controls removes the focus on purpose.
  const letGo = ({ target }: PointerEvent) => {
    const isBesideModal = page.querySelector(modal) !== null
    if (target instanceof Element && !target.closest(focusable) && !isBesideModal) held = null
  }
  const restore = () => {
    if (!isLost(page) || page.querySelector(modal)) return
    const place = held === null ? pageHeading(page) : placeOf(held, added)
    place?.focus({ preventScroll: true })
  }
  const watch = (records: readonly MutationRecord[]) => {
    // A dialog that was opened before this code was loaded: what opened it is not known.
    if (held?.element.isConnected !== false && !records.some(closesModal)) return
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) added.add(node)
    }
    clearTimeout(timer)
    timer = setTimeout(restore, patienceMs)
  }
  const observer = new MutationObserver(watch)
  observer.observe(page.body, { childList: true, subtree: true })
  page.addEventListener("focusin", hold)
  page.addEventListener("pointerdown", letGo)
  const { activeElement } = page
  if (held === null && activeElement !== null && !isLost(page) && !activeElement.closest(modal)) {
    held = heldBy(activeElement)
  }
  // The frame with the focus has disappeared, and this one replaced it.
  if (held !== null && !held.element.isConnected) timer = setTimeout(restore, patienceMs)
  return () => {
    observer.disconnect()
    clearTimeout(timer)
    page.removeEventListener("focusin", hold)
    page.removeEventListener("pointerdown", letGo)
  }
}

const modal = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'
const focusable = "a, button, input, select, textarea, label, summary, [tabindex]"

function placeOf(last: Held, added: ReadonlySet<Element>): HTMLElement | null {
  const { element } = last
  return element.isConnected && element instanceof HTMLElement ? element : placeForFocus(last, added)
}

function closesModal({ removedNodes }: MutationRecord): boolean {
  return [...removedNodes].some(
    node => node instanceof Element && (node.matches(modal) || node.querySelector(modal) !== null),
  )
}

function isLost({ activeElement, body }: Document): boolean {
  return activeElement === null || activeElement === body
}
