import { CircleAlert, CircleCheck, Hourglass, type LucideIcon, Pause, TriangleAlert } from "lucide-react"
import { Badge } from "@/components/ui/badge"
import type { SinkState } from "@/lib/operations/sinks/answers"
import { stateWords } from "./words"

const icons: Readonly<Record<SinkState, LucideIcon>> = {
  delivering: CircleCheck,
  waiting: Hourglass,
  failing: CircleAlert,
  misconfigured: TriangleAlert,
  paused: Pause,
}

/** The state of a sink: a sign, and a word or two. */
export function StateBadge({ state }: { readonly state: SinkState }) {
  const { tone, words } = stateWords(state)
  const Icon = icons[state]
  return (
    <Badge tone={tone} className="justify-self-start">
      <Icon aria-hidden="true" />
      {words}
    </Badge>
  )
}
