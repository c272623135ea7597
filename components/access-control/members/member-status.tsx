import { CircleCheck, CirclePause } from "lucide-react"
import { Badge } from "@/components/ui/badge"
import type { MemberStatus as Status } from "./member"

/** Whether somebody can use what they hold, in a word with its sign. */
export function MemberStatus({
  status,
  className,
}: {
  readonly status: Status
  readonly className?: string
}) {
  return status === "active" ? (
    <Badge tone="success" className={className}>
      <CircleCheck aria-hidden="true" />
      Active
    </Badge>
  ) : (
    <Badge tone="denied" className={className}>
      <CirclePause aria-hidden="true" />
      Suspended
    </Badge>
  )
}
