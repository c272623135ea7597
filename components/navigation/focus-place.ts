const controls =
  "a[href], button:not(:disabled), input:not(:disabled):not([type=hidden]), select:not(:disabled), textarea:not(:disabled)"
/** Containers within which a neighbour may take the focus: outside of them, the next control is unrelated. */
const rows = "tr, li"
const parts = "form, section, article, main, header, nav"
const headings = "h1, h2, h3"

/** The last focused element outside of anything modal, and its ancestors, nearest first. */
export interface Held {
  readonly element: Element
  readonly around: readonly Element[]
  readonly label: string
  /** Its index among the controls of its parent. */
  readonly position: number
}

/** Remembers a focus, so that a replacement can be found when the element disappears. */
export function heldBy(element: Element): Held {
  const around: Element[] = []
  for (let each = element.parentElement; each !== null; each = each.parentElement) around.push(each)
  const siblings = [...(around[0]?.querySelectorAll(controls) ?? [])]
  return { element, around, label: labelOf(element), position: siblings.indexOf(element) }
}

/**
 * Returns what to focus when the focused element has disappeared: the control that replaced it, else the heading of its
 * replacement, else the heading of the nearest part that still exists.
 */
export function placeForFocus(held: Held, added: ReadonlySet<Element>): HTMLElement | null {
  return (
    neighbourOf(held) ??
    newHeading(held, added) ??
    nearestHeading(held) ??
    pageHeading(held.element.ownerDocument)
  )
}

function neighbourOf({ around, label, position }: Held): HTMLElement | null {
  for (const element of around) {
    const isRow = element.matches(rows)
    const isPart = element.matches(parts)
    if (element.matches("body")) return null
    if (element.isConnected) {
      const found = [...element.querySelectorAll<HTMLElement>(controls)]
      const same = found.filter(control => labelOf(control) === label)
      if (same.length === 1 && same[0]) return same[0]
      if (isPart) return null
      const next = found[Math.min(Math.max(position, 0), found.length - 1)]
      if (next) return next
    }
    // A removed row took its controls along; those of another row are unrelated.
    if (isRow) return null
  }
  return null
}

function newHeading({ around }: Held, added: ReadonlySet<Element>): HTMLElement | null {
  const main = around.find(element => element.isConnected && element.matches("main"))
  const found = [...(main?.querySelectorAll<HTMLElement>(headings) ?? [])].find(heading =>
    [...added].some(node => node.contains(heading)),
  )
  return found === undefined ? null : focusableHeading(found)
}

function nearestHeading({ around }: Held): HTMLElement | null {
  for (const element of around) {
    if (!element.isConnected || !element.matches("section, article, main")) continue
    const heading = element.querySelector<HTMLElement>(headings)
    if (heading !== null) return focusableHeading(heading)
  }
  return null
}

/** Returns the heading of the current page: the place for the focus when nothing better is known. */
export function pageHeading(page: Document): HTMLElement | null {
  const heading = page.querySelector<HTMLElement>("main h1")
  return heading === null ? null : focusableHeading(heading)
}

/** Only a program can focus a heading; Tab continues after it. */
function focusableHeading(heading: HTMLElement): HTMLElement {
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1
  return heading
}

function labelOf(element: Element): string {
  return `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.trim()}`
}
