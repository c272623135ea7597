import Link from "next/link"
import { CaptureSection } from "@/components/settings/capture/section"
import { counted } from "@/components/settings/capture/words"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Alert } from "@/components/ui/alert"
import { OwnTime } from "@/components/zone/own-time"
import type { SinkAnswer, SinkKindAnswer, SinkKindsAnswer } from "@/lib/operations/sinks/answers"
import { type Fact, Facts } from "./facts"
import { sinkPath } from "./places"
import { queryWords } from "./query-text"
import { behindWords, stateSentence } from "./words"

export interface OverviewProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly sink: SinkAnswer
  /** Null when the organization cannot choose that kind. */
  readonly kind: SinkKindAnswer | null
  readonly omittable: SinkKindsAnswer["omittable"]
  readonly now: Date
}

/** Where a sink stands, and what it sends. */
export function Overview(props: OverviewProps) {
  return (
    <>
      <Standing {...props} />
      <WhatIsSent {...props} />
    </>
  )
}

function Standing({ slug, sink, kind, now }: OverviewProps) {
  const { progress } = sink
  const { lastError } = progress
  return (
    <CaptureSection
      id="sink-state"
      title="State"
      description={
        <>
          As of <OwnTime instant={now} card="none" />.
        </>
      }
    >
      <p className="text-sm text-pretty">{stateSentence(sink)}</p>
      {lastError && progress.failures > 0 ? (
        <Alert tone="failure" title="What it answered last">
          {lastError.message}
        </Alert>
      ) : null}
      <Facts
        facts={[
          { label: "Behind the log", value: behindWords(progress) },
          {
            label: "Taken",
            value: counted(progress.taken, "event"),
            note: kind?.proof,
          },
          { label: "Not meant by its query", value: counted(progress.passedOver, "event") },
          {
            label: "Refused",
            value:
              sink.deadLetters === 0 ? (
                "None"
              ) : (
                <Link href={sinkPath(slug, sink.id, "/dead-letters")} className="text-link underline">
                  {counted(sink.deadLetters, "event")}
                </Link>
              ),
          },
          ...missedFact(progress.missed),
          {
            label: "Last success",
            value: <TimeOrWord at={progress.lastSuccessAt} word="None yet" format="second" />,
          },
          ...errorFacts(sink),
        ]}
      />
    </CaptureSection>
  )
}

function missedFact(missed: number): readonly Fact[] {
  if (missed === 0) return []
  return [
    {
      label: "Expired before it was sent",
      value: counted(missed, "event"),
      note: "The log no longer has them, so they cannot be sent.",
    },
  ]
}

function errorFacts({ progress }: SinkAnswer): readonly Fact[] {
  const { lastError, failures, firstFailureAt, nextAttemptAt } = progress
  const next: readonly Fact[] =
    nextAttemptAt !== null && failures > 0
      ? [{ label: "Next attempt", value: <TimeOrWord at={nextAttemptAt} word="" format="second" /> }]
      : []
  if (lastError === null) return next
  return [
    ...(failures > 0 && firstFailureAt !== null
      ? [{ label: "Failing since", value: <TimeOrWord at={firstFailureAt} word="" format="second" /> }]
      : []),
    {
      label: "Last error",
      value: lastError.message,
      note: <TimeOrWord at={lastError.at} word="" format="second" />,
    },
    ...next,
  ]
}

function WhatIsSent({ slug, sink, kind, omittable, now }: OverviewProps) {
  const format = kind?.formats.find(({ name }) => name === sink.format)
  return (
    <CaptureSection id="sink-sent" title="What is sent">
      <Facts
        facts={[
          { label: "Events", value: <Conditions slug={slug} query={sink.query} now={now} /> },
          { label: "Format", value: format?.label ?? sink.format, note: format?.summary },
          {
            label: "Identity of actors",
            value: sink.redactIdentity ? "Redacted in the copies" : "Sent",
          },
          {
            label: "Left out",
            value:
              sink.omit.map(name => omittable.find(part => part.name === name)?.label ?? name).join(", ") ||
              "Nothing",
          },
          ...credentialFacts(sink),
          ...(sink.createdAt === null
            ? []
            : [
                {
                  label: "Added",
                  value: <TimeOrWord at={sink.createdAt} word="" />,
                  note: sink.createdBy === null ? undefined : `by ${sink.createdBy}`,
                },
              ]),
        ]}
      />
    </CaptureSection>
  )
}

function credentialFacts(sink: SinkAnswer): readonly Fact[] {
  if (sink.credentials.length === 0) return []
  const names = sink.credentials.filter(({ isSet }) => isSet).map(({ label }) => label)
  return [
    {
      label: "Credentials",
      value: names.length === 0 ? "None" : `${names.join(", ")}: set, never shown`,
      note:
        sink.credentialsSetAt === null ? undefined : (
          <>
            Set by {sink.credentialsSetBy ?? "somebody"} on <TimeOrWord at={sink.credentialsSetAt} word="" />
          </>
        ),
    },
  ]
}

function Conditions({
  slug,
  query,
  now,
}: {
  readonly slug: string
  readonly query: string
  readonly now: Date
}) {
  if (query === "") return "Every event"
  const words = queryWords(query, now)
  return (
    <span className="grid gap-1">
      {words === null ? (
        <span className="text-failure">
          This query can no longer be read: <code className="font-data">{query}</code>
        </span>
      ) : (
        <span>{words.length === 0 ? "Every event" : words.join("; ")}</span>
      )}
      <Link href={`/${slug}/admin/audit-logs?${query}`} className="w-fit text-link underline">
        See these events
      </Link>
    </span>
  )
}
