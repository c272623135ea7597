import {
  Bot,
  CircleUser,
  CircleUserRound,
  Cog,
  KeyRound,
  LifeBuoy,
  type LucideIcon,
  Plug,
} from "lucide-react"
import type { ActorType } from "@/lib/audit/event/event"

export const actorIcons: Readonly<Record<ActorType, LucideIcon>> = {
  user: CircleUserRound,
  service_account: Bot,
  api_key: KeyRound,
  connected_app: Plug,
  system: Cog,
  staff: LifeBuoy,
  anonymous: CircleUser,
}
