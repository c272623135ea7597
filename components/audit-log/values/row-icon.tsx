import type { ActorType, Status } from "@/lib/audit/event/event"
import { actorIcons } from "./actor-icons"
import { statusIcons } from "./status-icons"

type RowIconName = ActorType | Status

const icons = [
  ...Object.entries(actorIcons).map(([name, Icon]) => ({ name, Icon, strokeWidth: 1.75 })),
  ...Object.entries(statusIcons).map(([name, Icon]) => ({ name, Icon, strokeWidth: 2 })),
]

/** The icons of all rows, once in the page: each row refers to them, which takes a tenth of the HTML. */
export function RowIcons() {
  return (
    <svg aria-hidden="true" className="hidden">
      {icons.map(({ name, Icon, strokeWidth }) => (
        <symbol key={name} id={idOf(name)} viewBox="0 0 24 24">
          <Icon strokeWidth={strokeWidth} />
        </symbol>
      ))}
    </svg>
  )
}

/** One of the icons, in the colour of the text around it. `RowIcons` must be in the page. */
export function RowIcon({ name, className }: { readonly name: RowIconName; readonly className: string }) {
  return (
    <svg aria-hidden="true" className={className}>
      <use href={`#${idOf(name)}`} />
    </svg>
  )
}

function idOf(name: string): string {
  return `row-icon-${name}`
}
