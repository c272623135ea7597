import { type Pieces, type Sentence, sentenceText } from "@/lib/audit/event/sentence"
import { ValueText } from "./value-text"

/** The parts of an event that say what happened. */
export interface HappenedEvent {
  readonly description: string
  readonly operation: string
  readonly sentence: Sentence | null
}

export interface HappenedProps {
  readonly event: HappenedEvent
  /** Sighted readers see the actor beside this; it is repeated for screen readers only. */
  readonly whoIsBeside?: boolean
  /** In one line, truncated where there is no room, like the text around it. */
  readonly truncate?: boolean
}

/** What happened: a sentence in the page's direction with each value isolated in it, or the producer's own words. */
export function Happened({ event, whoIsBeside, truncate }: HappenedProps) {
  const { sentence } = event
  if (!sentence) return <ValueText text={event.description || event.operation} truncate={truncate} sentence />
  return (
    <>
      {whoIsBeside ? (
        <span className="sr-only">
          <IsolatedPieces pieces={sentence.who} />
        </span>
      ) : (
        <IsolatedPieces pieces={sentence.who} />
      )}
      <IsolatedPieces pieces={sentence.did} />
    </>
  )
}

/** The same as plain text, for a tooltip or a title. */
export function happenedText(event: HappenedEvent): string {
  return event.sentence ? sentenceText(event.sentence) : event.description || event.operation
}

function IsolatedPieces({ pieces }: { readonly pieces: Pieces }) {
  return pieces.map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence have no other identity and never move
    index % 2 === 0 ? piece : <ValueText key={index} text={piece} />,
  )
}
