"use client"

import { useEffect, useRef } from "react"
import { singleKeysOn } from "./single-keys"

/** What each key does; a key without an entry is left to the browser. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>

/** Keys that nobody types and that stay when single keys are turned off. */
const alwaysOn: ReadonlySet<string> = new Set(["Escape", "ArrowDown", "ArrowUp"])

/**
 * Listens for single keys in the whole page. Silent while somebody types, chooses from a list or menu, or answers a dialog;
 * `inPanel` names what may look like a dialog and is none.
 */
export function useShortcuts(shortcuts: Shortcuts, inPanel: string): void {
  const current = useRef(shortcuts)
  useEffect(() => {
    current.current = shortcuts
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (event.metaKey || event.ctrlKey || event.altKey) return
      const { key, target } = event
      const act = current.current[key]
      if (!act || !(target instanceof Element)) return
      if (isBusy(target, inPanel)) return
      if (!alwaysOn.has(key) && !singleKeysOn()) return
      if (key.startsWith("Arrow") && !movesByArrows(target, inPanel)) return
      event.preventDefault()
      act()
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [inPanel])
}

function isBusy(target: Element, inPanel: string): boolean {
  if (target.closest("input, textarea, select, [contenteditable=true]")) return true
  const layer = target.closest("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]")
  if (layer && !layer.matches(inPanel)) return true
  return document.querySelector(`[role=dialog]:not(${inPanel}), [role=menu]`) !== null
}

/** Arrows move among rows, and from the head of the open event; anywhere else they scroll or choose as ever. */
function movesByArrows(target: Element, inPanel: string): boolean {
  return target.closest("tr[data-index]") !== null || target.matches(`${inPanel} h2`)
}
