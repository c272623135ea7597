import { CopyButton } from "./copy-button"

export interface CodeBlockProps {
  readonly text: string
  /** What is copied: "Copy the command". */
  readonly copyLabel: string
  /** Breaks long lines instead of scrolling sideways. */
  readonly wrapped?: boolean
}

/** Text for machines, scrollable by keyboard, with a copy button. */
export function CodeBlock({ text, copyLabel, wrapped }: CodeBlockProps) {
  return (
    <div className="relative min-w-0">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className={`overflow-x-auto rounded-md border bg-muted p-3 pr-11 text-xs/5 outline-offset-0 ${wrapped ? "whitespace-pre-wrap wrap-anywhere" : ""}`}
      >
        <code>{text}</code>
      </pre>
      <CopyButton
        value={text}
        label={copyLabel}
        variant="secondary"
        size="icon-sm"
        className="absolute! top-1.5 right-1.5"
      />
    </div>
  )
}
