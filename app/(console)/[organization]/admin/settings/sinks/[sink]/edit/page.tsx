import type { Metadata } from "next"
import { notFound } from "next/navigation"
import {
  SinkFrame,
  type SinkParams,
  sinkTitle,
} from "@/app/(console)/[organization]/admin/settings/sinks/[sink]/sink-frame"
import { testSinkAction, updateSinkAction } from "@/app/(console)/[organization]/admin/settings/sinks/actions"
import { Refused } from "@/components/navigation/refused"
import { SinkForm } from "@/components/settings/sinks/sink-form"
import { Alert } from "@/components/ui/alert"
import { run } from "@/lib/http/run"
import { listSinkKinds } from "@/lib/operations/sinks/kinds"

interface PageProps {
  readonly params: SinkParams
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: await sinkTitle(params, "Settings") }
}

/** The settings of one sink, to be changed. The one that the environment sets has none here. */
export default async function SinkSettingsPage({ params }: PageProps) {
  return (
    <SinkFrame params={params}>
      {async (sink, slug) => {
        if (sink.isServer) notFound()
        const kinds = await run(listSinkKinds, slug, {})
        if (!kinds.ok) return <Refused {...kinds} />
        const kind = kinds.value.kinds.find(each => each.kind === sink.kind)
        if (kind === undefined) {
          return (
            <Alert tone="warning" title="Its settings cannot be changed">
              This kind of sink writes to the server itself, which is offered while the installation has a
              single organization. It can be paused and deleted.
            </Alert>
          )
        }
        return (
          <SinkForm
            key={sink.id}
            slug={slug}
            kind={kind}
            omittable={kinds.value.omittable}
            sink={sink}
            update={updateSinkAction.bind(null, slug)}
            test={testSinkAction.bind(null, slug)}
          />
        )
      }}
    </SinkFrame>
  )
}
