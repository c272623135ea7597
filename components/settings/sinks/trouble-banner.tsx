import Link from "next/link"
import { counted } from "@/components/settings/capture/words"
import { Alert } from "@/components/ui/alert"
import type { SinksAnswer } from "@/lib/operations/sinks/answers"
import { sinkPath } from "./places"
import { type Trouble, troublesOf } from "./trouble"

export interface TroubleBannerProps extends SinksAnswer {
  /** Slug of the organization. */
  readonly slug: string
  readonly now: Date
}

/** Above the sinks: which of them somebody should look after, and why. Nothing while all is well. */
export function TroubleBanner({ slug, sinks, losses, now }: TroubleBannerProps) {
  const troubles = troublesOf(sinks, now)
  const failures = troubles.filter(({ tone }) => tone === "failure")
  const warnings = troubles.filter(({ tone }) => tone === "warning")
  return (
    <>
      {failures.length > 0 ? (
        <Alert tone="failure" title="Copies do not arrive">
          <TroubleList slug={slug} troubles={failures} />
        </Alert>
      ) : null}
      {losses.instances > 0 ? (
        <Alert tone="failure" title="Some calls were not recorded">
          {counted(losses.instances, "producer")} could not record {counted(losses.dropped, "call")} within
          the last day, so no sink can have them.
        </Alert>
      ) : null}
      {warnings.length > 0 ? (
        <Alert tone="warning" title="Some events did not arrive">
          <TroubleList slug={slug} troubles={warnings} />
        </Alert>
      ) : null}
    </>
  )
}

function TroubleList({ slug, troubles }: { readonly slug: string; readonly troubles: readonly Trouble[] }) {
  return (
    <ul className="grid gap-1">
      {troubles.map(({ id, name, words }) => (
        <li key={id}>
          <Link href={sinkPath(slug, id)} className="text-link underline">
            {name}
          </Link>
          : {words}
        </li>
      ))}
    </ul>
  )
}
