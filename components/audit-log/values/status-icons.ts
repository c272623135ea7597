import { Ban, CircleAlert, CircleCheck, CircleHelp, type LucideIcon } from "lucide-react"
import type { Status } from "@/lib/audit/event/event"

export const statusIcons: Readonly<Record<Status, LucideIcon>> = {
  success: CircleCheck,
  failure: CircleAlert,
  denied: Ban,
  unknown: CircleHelp,
}
