import type { Metadata } from "next"
import {
  SinkFrame,
  type SinkParams,
  sinkTitle,
} from "@/app/(console)/[organization]/admin/settings/sinks/[sink]/sink-frame"
import { Refused } from "@/components/navigation/refused"
import { Deliveries } from "@/components/settings/sinks/deliveries"
import { sinkPath } from "@/components/settings/sinks/places"
import { run } from "@/lib/http/run"
import { listDeliveries } from "@/lib/operations/sinks/deliveries"

interface PageProps {
  readonly params: SinkParams
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: await sinkTitle(params, "Deliveries") }
}

/** The receipts of one sink: every attempt of the last 24 hours. */
export default async function DeliveriesPage({ params, searchParams }: PageProps) {
  const { before, only } = await searchParams
  const isTroubledOnly = only === "troubled"
  return (
    <SinkFrame params={params}>
      {async (sink, slug) => {
        const found = await run(listDeliveries, slug, {
          id: sink.id,
          troubledOnly: isTroubledOnly,
          ...(typeof before === "string" && { before }),
        })
        if (!found.ok) return <Refused {...found} />
        return (
          <Deliveries
            {...found.value}
            path={sinkPath(slug, sink.id, "/deliveries")}
            isTroubledOnly={isTroubledOnly}
            isLaterPage={before !== undefined}
          />
        )
      }}
    </SinkFrame>
  )
}
