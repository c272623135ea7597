import { isRightToLeft } from "@/lib/audit/direction"
import { splitMiddle } from "./middle"
import { ValueText } from "./value-text"
import { visibleText } from "./visible"

export interface MiddleTextProps {
  readonly text: string
  readonly className?: string
}

/**
 * An id in one line: where it does not fit, its middle is cut, so that its last characters stay visible. Selecting copies
 * all of it.
 */
export function MiddleText({ text, className = "" }: MiddleTextProps) {
  if (isRightToLeft(text)) {
    // Head and tail would be in the wrong order; its beginning stays visible instead.
    return (
      <span title={visibleText(text)} className={`flex max-w-full min-w-0 ${className}`}>
        <ValueText text={text} truncate />
      </span>
    )
  }
  const { head, tail } = splitMiddle(text)
  return (
    <span title={visibleText(text)} className={`flex max-w-full min-w-0 ${className}`}>
      <span className="min-w-0 truncate">
        <ValueText text={head} />
      </span>
      {tail === "" ? null : (
        <span className="shrink-0">
          <ValueText text={tail} />
        </span>
      )}
    </span>
  )
}
