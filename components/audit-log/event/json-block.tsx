import { ValueText } from "@/components/audit-log/values/value-text"
import { CopyButton } from "@/components/ui/copy-button"
import type { JsonValue } from "@/lib/audit/json/value"

export interface TextBlockProps {
  readonly text: string
  /** "Copy the JSON". */
  readonly copyLabel: string
  /** Its description, for keyboard users. */
  readonly label: string
}

/** Text for machines: scrollable by keyboard, copied unchanged. Hidden characters are shown, but copied as they are. */
export function TextBlock({ text, copyLabel, label }: TextBlockProps) {
  return (
    <div className="relative min-w-0">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        className="max-h-[70vh] overflow-auto rounded-md border bg-muted outline-offset-0"
      >
        <pre className="p-3 pr-11 text-xs/5 whitespace-pre-wrap wrap-anywhere">
          <code>
            <ValueText text={text} />
          </code>
        </pre>
      </section>
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

/** A JSON value, indented. */
export function JsonBlock({ value, ...rest }: Omit<TextBlockProps, "text"> & { readonly value: JsonValue }) {
  return <TextBlock text={JSON.stringify(value, null, 2)} {...rest} />
}
