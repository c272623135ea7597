import { MoveRight } from "lucide-react"
import type { ReactNode } from "react"
import type { ActorType } from "@/lib/audit/event/event"
import { actorIcons } from "./actor-icons"
import { RowIcon } from "./row-icon"
import { ValueText } from "./value-text"
import { visibleText } from "./visible"

const words: Readonly<Record<ActorType, string>> = {
  user: "Person",
  service_account: "Service account",
  api_key: "API key",
  connected_app: "Connected app",
  system: "System",
  staff: "Vendor's staff",
  anonymous: "Nobody signed in",
}

/** The word for a kind of actor. */
export function actorTypeWord(type: ActorType): string {
  return words[type]
}

/** The icon of a kind of actor, with a word for screen readers. */
export function ActorGlyph({ type }: { readonly type: ActorType }) {
  const Icon = actorIcons[type]
  return (
    <Glyph type={type}>
      <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
    </Glyph>
  )
}

function Glyph({ type, children }: { readonly type: ActorType; readonly children: ReactNode }) {
  return (
    <span title={words[type]} className="inline-flex shrink-0 text-muted-foreground">
      {children}
      <span className="sr-only">{words[type]}: </span>
    </span>
  )
}

interface Shown {
  readonly type: ActorType
  readonly label: string
}

export interface ActorMarkProps {
  readonly actor: Shown
  /** The person acted for; both are shown, the one who acted first. */
  readonly onBehalfOf: Shown | null
}

/** The actor of a row, in one line. */
export function ActorMark({ actor, onBehalfOf }: ActorMarkProps) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Glyph type={actor.type}>
        <RowIcon name={actor.type} className="size-4" />
      </Glyph>
      <span title={visibleText(actor.label)} className="min-w-0">
        <ValueText text={actor.label} truncate />
      </span>
      {onBehalfOf ? (
        <>
          <span title="acting as" className="inline-flex shrink-0 text-denied">
            <MoveRight aria-hidden="true" className="size-4" />
            <span className="sr-only">acting as</span>
          </span>
          <span title={visibleText(onBehalfOf.label)} className="min-w-0">
            <ValueText text={onBehalfOf.label} truncate />
          </span>
        </>
      ) : null}
    </span>
  )
}
