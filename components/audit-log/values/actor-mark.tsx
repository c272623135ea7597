import {
  Bot,
  CircleUser,
  CircleUserRound,
  Cog,
  KeyRound,
  LifeBuoy,
  type LucideIcon,
  MoveRight,
  Plug,
} from "lucide-react"
import type { ActorType } from "@/lib/audit/event/event"
import { ValueText } from "./value-text"
import { visibleText } from "./visible"

interface TypeLook {
  readonly word: string
  readonly icon: LucideIcon
}

const looks: Readonly<Record<ActorType, TypeLook>> = {
  user: { word: "Person", icon: CircleUserRound },
  service_account: { word: "Service account", icon: Bot },
  api_key: { word: "API key", icon: KeyRound },
  connected_app: { word: "Connected app", icon: Plug },
  system: { word: "System", icon: Cog },
  staff: { word: "Vendor's staff", icon: LifeBuoy },
  anonymous: { word: "Nobody signed in", icon: CircleUser },
}

/** The word for a kind of actor. */
export function actorTypeWord(type: ActorType): string {
  return looks[type].word
}

/** The icon of a kind of actor, with a word for screen readers. */
export function ActorGlyph({ type }: { readonly type: ActorType }) {
  const { word, icon: Icon } = looks[type]
  return (
    <span title={word} className="inline-flex shrink-0 text-muted-foreground">
      <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
      <span className="sr-only">{word}: </span>
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

/** The actor, in one line. */
export function ActorMark({ actor, onBehalfOf }: ActorMarkProps) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <ActorGlyph type={actor.type} />
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
