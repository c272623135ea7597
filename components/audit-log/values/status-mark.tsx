import type { ReactNode } from "react"
import { Badge } from "@/components/ui/badge"
import type { Status } from "@/lib/audit/event/event"
import { RowIcon } from "./row-icon"
import { statusIcons } from "./status-icons"

interface StatusLook {
  readonly word: string
  readonly ink: string
}

const looks: Readonly<Record<Status, StatusLook>> = {
  success: { word: "Success", ink: "text-success" },
  failure: { word: "Failure", ink: "text-failure" },
  denied: { word: "Denied", ink: "text-denied" },
  unknown: { word: "Unknown", ink: "text-unknown" },
}

/** The word for a status. */
export function statusWord(status: Status): string {
  return looks[status].word
}

/** The outcome of an event: an icon, a word and a colour. */
export function StatusMark({ status }: { readonly status: Status }) {
  const Icon = statusIcons[status]
  return (
    <Mark status={status}>
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
    </Mark>
  )
}

/** The same in a row, with an icon of `RowIcons`. */
export function RowStatus({ status }: { readonly status: Status }) {
  return (
    <Mark status={status}>
      <RowIcon name={status} className="size-3.5 shrink-0" />
    </Mark>
  )
}

function Mark({ status, children }: { readonly status: Status; readonly children: ReactNode }) {
  const { word, ink } = looks[status]
  return (
    <span className={`flex w-fit items-center gap-1.5 font-medium whitespace-nowrap ${ink}`}>
      {children}
      {word}
    </span>
  )
}

/** The same on a background of its own, where it stands alone. */
export function StatusBadge({ status }: { readonly status: Status }) {
  const Icon = statusIcons[status]
  return (
    <Badge tone={status}>
      <Icon aria-hidden="true" />
      {looks[status].word}
    </Badge>
  )
}
