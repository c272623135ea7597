const controls =
  "a[href], button:not(:disabled), input:not(:disabled):not([type=hidden]), select:not(:disabled), textarea:not(:disabled)"
/** What belongs together closely enough for a neighbour to take the focus: beyond it, the next control is another matter. */
const rows = "tr, li"
const parts = "form, section, article, main, header, nav"
const headings = "h1, h2, h3"

/** What had the focus last outside of anything modal, and everything around it, nearest first. */
export interface Held {
  readonly element: Element
  readonly around: readonly Element[]
  readonly label: string
  /** Which of the controls of its parent it was. */
  readonly position: number
}

/** Remembers a focus, so that a place for it can be found when the element is gone. */
export function heldBy(element: Element): Held {
  const around: Element[] = []
  for (let each = element.parentElement; each !== null; each = each.parentElement) around.push(each)
  const siblings = [...(around[0]?.querySelectorAll(controls) ?? [])]
  return { element, around, label: labelOf(element), position: siblings.indexOf(element) }
}

/**
 * Returns where the focus goes when what had it is gone: the control that took its place, else the heading of what came
 * instead, else the heading of the nearest part that is still there.
 */
export function placeForFocus(held: Held, added: ReadonlySet<Element>): HTMLElement | null {
  return neighbourOf(held) ?? newHeading(held, added) ?? nearestHeading(held) ?? pageHeading(held)
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
    // A row that is gone took its controls along; those of another row are about something else.
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

/** Where nothing is left of what was around: the heading of the page that is there now. */
function pageHeading({ element }: Held): HTMLElement | null {
  const heading = element.ownerDocument.querySelector<HTMLElement>("main h1")
  return heading === null ? null : focusableHeading(heading)
}

/** A heading takes the focus from a program only; Tab goes on behind it. */
function focusableHeading(heading: HTMLElement): HTMLElement {
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1
  return heading
}

function labelOf(element: Element): string {
  return `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.trim()}`
}
