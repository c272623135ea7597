"use client"

import { useEffect, useRef } from "react"
import { singleKeysOn } from "./single-keys"

/** The action of each key; a key without an entry is left to the browser. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>

/** Keys that are never typed and stay active when single keys are turned off. */
const alwaysOn: ReadonlySet<string> = new Set(["Escape", "ArrowDown", "ArrowUp"])

/**
 * Listens for single keys in the whole page. Inactive while the reader types, uses a list or menu, or is in a dialog;
 * `inPanel` names an element that may look like a dialog but is none.
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

/** Arrow keys move among rows, and from the head of the open event; elsewhere they scroll or select as usual. */
function movesByArrows(target: Element, inPanel: string): boolean {
  return target.closest("tr[data-index]") !== null || target.matches(`${inPanel} h2`)
}
