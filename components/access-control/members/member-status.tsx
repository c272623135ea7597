import { CircleCheck, CirclePause } from "lucide-react"
import { Badge } from "@/components/ui/badge"
import type { MemberStatus as Status } from "./member"

/** Whether a member is active, as a word with an icon. */
export function MemberStatus({ status }: { readonly status: Status }) {
  return status === "active" ? (
    <Badge tone="success">
      <CircleCheck aria-hidden="true" />
      Active
    </Badge>
  ) : (
    <Badge tone="denied">
      <CirclePause aria-hidden="true" />
      Suspended
    </Badge>
  )
}
