import { ExternalLink } from "lucide-react"
import type { ReactNode } from "react"
import { ValueText } from "@/components/audit-log/values/value-text"
import { webAddress } from "@/components/audit-log/values/web-address"
import { type ValueFilter, ValueMenu } from "./value-menu"

/** Related facts under a heading. */
export function FactGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="grid gap-1">
      <h3 className="text-sm font-semibold">{title}</h3>
      <dl className="grid">{children}</dl>
    </section>
  )
}

export interface FactProps {
  readonly label: string
  /** The value itself: what is copied, and shown when there are no children. */
  readonly value: string
  readonly filter?: ValueFilter
  /** Ids, times, ips and urls. */
  readonly data?: boolean
  /** Text for people that may contain names. */
  readonly sentence?: boolean
  readonly children?: ReactNode
}

/** One fact: its name, its value as text, and the menu of its actions. */
export function Fact({ label, value, filter, data, sentence, children }: FactProps) {
  return (
    <div className="group/fact -mx-2 grid min-h-8 grid-cols-[8rem_minmax(0,1fr)_auto] items-start gap-x-3 rounded-sm px-2 py-1.5 text-sm hover:bg-muted max-sm:grid-cols-[6.5rem_minmax(0,1fr)_auto]">
      <dt className="text-muted-foreground">{label}</dt>
      <dd className={data ? "min-w-0 font-data wrap-anywhere" : "min-w-0 wrap-anywhere"}>
        {children ?? <LinkedText text={value} sentence={sentence} />}
      </dd>
      <dd>
        <ValueMenu label={label} copy={value} filter={filter} />
      </dd>
    </div>
  )
}

/** A value as text; a url gets a link, which tells its target nothing about this page. */
export function LinkedText({ text, sentence }: { readonly text: string; readonly sentence?: boolean }) {
  const address = webAddress(text)
  return (
    <>
      <ValueText text={text} sentence={sentence} className="whitespace-pre-wrap" />
      {address ? (
        <a
          href={address}
          target="_blank"
          rel="noopener noreferrer"
          className="ml-1 inline-grid size-6 -my-1 place-items-center rounded-sm align-middle text-link hover:bg-accent"
        >
          <ExternalLink aria-hidden="true" className="size-3.5" />
          <span className="sr-only">Open this URL in a new tab</span>
        </a>
      ) : null}
    </>
  )
}
