"use client"

import { Checkbox } from "@/components/ui/checkbox"
import { CopyButton } from "@/components/ui/copy-button"
import { describePolicy } from "@/lib/audit/capture/describe"
import type { CapturePolicy } from "@/lib/audit/capture/policy"

export interface SummaryProps {
  /** The draft with what the environment sets. */
  readonly policy: CapturePolicy
  readonly isChanged: boolean
  /** All environment lines of the draft. */
  readonly lines: readonly string[]
  readonly areLinesShown: boolean
  readonly onShowLines: (shown: boolean) => void
}

/** What the draft records and what it does not, in sentences. */
export function Summary({ policy, isChanged, lines, areLinesShown, onShowLines }: SummaryProps) {
  return (
    <aside
      aria-labelledby="capture-summary"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="grid content-start gap-4 rounded-md border bg-card p-4 lg:sticky lg:top-16 lg:max-h-[calc(100vh-9rem)] lg:overflow-y-auto"
    >
      <div className="grid gap-0.5">
        <h2 id="capture-summary" className="font-semibold">
          In words
        </h2>
        <p className="text-xs text-muted-foreground">
          {isChanged ? "With your changes, once they are saved." : "As it is now."}
        </p>
      </div>
      <ul className="grid gap-2 text-sm">
        {describePolicy(policy).map(sentence => (
          <li key={sentence} className="text-pretty wrap-anywhere">
            {sentence}
          </li>
        ))}
      </ul>
      <div className="grid gap-2 border-t pt-3">
        <label htmlFor="capture-lines" className="flex items-center gap-2.5 text-sm">
          <Checkbox
            id="capture-lines"
            checked={areLinesShown}
            onChange={event => onShowLines(event.target.checked)}
          />
          Show environment lines
        </label>
        <CopyButton
          value={lines.join("\n")}
          label="Copy all environment lines"
          labelShown
          variant="secondary"
          className="w-fit"
        />
      </div>
    </aside>
  )
}
