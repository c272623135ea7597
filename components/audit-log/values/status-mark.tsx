import { Ban, CircleAlert, CircleCheck, CircleHelp, type LucideIcon } from "lucide-react"
import { Badge } from "@/components/ui/badge"
import type { Status } from "@/lib/audit/event/event"

interface StatusLook {
  readonly word: string
  readonly icon: LucideIcon
  readonly ink: string
}

const looks: Readonly<Record<Status, StatusLook>> = {
  success: { word: "Success", icon: CircleCheck, ink: "text-success" },
  failure: { word: "Failure", icon: CircleAlert, ink: "text-failure" },
  denied: { word: "Denied", icon: Ban, ink: "text-denied" },
  unknown: { word: "Unknown", icon: CircleHelp, ink: "text-unknown" },
}

/** The word for a status. */
export function statusWord(status: Status): string {
  return looks[status].word
}

/** The outcome of an event: an icon, a word and a colour. */
export function StatusMark({ status }: { readonly status: Status }) {
  const { word, icon: Icon, ink } = looks[status]
  return (
    <span className={`flex w-fit items-center gap-1.5 font-medium whitespace-nowrap ${ink}`}>
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      {word}
    </span>
  )
}

/** The same on a background of its own, where it stands alone. */
export function StatusBadge({ status }: { readonly status: Status }) {
  const { word, icon: Icon } = looks[status]
  return (
    <Badge tone={status}>
      <Icon aria-hidden="true" />
      {word}
    </Badge>
  )
}
