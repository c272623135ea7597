import type { Metadata } from "next"
import {
  SinkFrame,
  type SinkParams,
  sinkTitle,
} from "@/app/(console)/[organization]/admin/settings/sinks/[sink]/sink-frame"
import { retryDeadLettersAction } from "@/app/(console)/[organization]/admin/settings/sinks/actions"
import { Refused } from "@/components/navigation/refused"
import { DeadLetters } from "@/components/settings/sinks/dead-letters"
import { sinkPath } from "@/components/settings/sinks/places"
import { run } from "@/lib/http/run"
import { listDeadLetters } from "@/lib/operations/sinks/dead-letters"

interface PageProps {
  readonly params: SinkParams
  readonly searchParams: Promise<{ readonly after?: string | string[] }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: await sinkTitle(params, "Dead letters") }
}

/** The events that one sink refuses. */
export default async function DeadLettersPage({ params, searchParams }: PageProps) {
  const { after } = await searchParams
  const isIndex = typeof after === "string" && /^\d{1,15}$/.test(after)
  return (
    <SinkFrame params={params}>
      {async (sink, slug) => {
        const found = await run(listDeadLetters, slug, {
          id: sink.id,
          ...(isIndex && { after: Number(after) }),
        })
        if (!found.ok) return <Refused {...found} />
        return (
          <DeadLetters
            {...found.value}
            slug={slug}
            sink={{ id: sink.id, name: sink.name, isServer: sink.isServer }}
            path={sinkPath(slug, sink.id, "/dead-letters")}
            isLaterPage={isIndex}
            retry={retryDeadLettersAction.bind(null, slug)}
          />
        )
      }}
    </SinkFrame>
  )
}
