import { Fragment } from "react"
import { DirectedText } from "@/components/ui/directed-text"
import { hasLeftToRight } from "@/lib/audit/direction"
import { visiblePieces } from "./visible"

export interface ValueTextProps {
  readonly text: string
  readonly className?: string
  /**
   * In one line, truncated where there is no room, at the end in the value's own direction: truncated in the page's
   * direction, a name written from right to left would lose its beginning.
   */
  readonly truncate?: boolean
  /** Text for people that may contain names: it is read in the page's direction, whatever name comes first. */
  readonly sentence?: boolean
}

/**
 * A value of an event, always as text: characters that would act or hide invisibly (direction controls, zero-width
 * characters) appear as a small labelled box, and the text's own direction ends where the value ends.
 */
export function ValueText({ text, className, truncate, sentence }: ValueTextProps) {
  const inPageDirection = sentence === true && hasLeftToRight(text)
  const look = truncate ? `block min-w-0 truncate text-left ${className ?? ""}` : className
  return (
    <bdi dir={inPageDirection ? "ltr" : undefined} className={look}>
      {visiblePieces(text).map((piece, index) =>
        piece.kind === "plain" ? (
          plainText(piece.text, index, inPageDirection)
        ) : (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other identity and never move
            key={index}
            title={piece.name}
            // Its hidden label is positioned by the box, so that truncating the text also truncates the label.
            className="relative mx-px inline-block rounded-sm border border-denied/40 bg-denied-soft px-0.5 font-mono text-[0.8em] leading-tight text-denied"
          >
            {piece.code}
            <span className="sr-only"> {piece.name}</span>
          </span>
        ),
      )}
    </bdi>
  )
}

function plainText(text: string, index: number, inPageDirection: boolean) {
  if (!inPageDirection) return <Fragment key={index}>{text}</Fragment>
  return <DirectedText key={index} text={text} />
}
