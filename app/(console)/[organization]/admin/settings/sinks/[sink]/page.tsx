import type { Metadata } from "next"
import {
  cancelReplayAction,
  countSinkRangeAction,
  replaySinkAction,
  testSinkAction,
} from "@/app/(console)/[organization]/admin/settings/sinks/actions"
import { Refused } from "@/components/navigation/refused"
import { Overview } from "@/components/settings/sinks/overview"
import { ReplayDialog } from "@/components/settings/sinks/replay-dialog"
import { Replays } from "@/components/settings/sinks/replays"
import { TestSend } from "@/components/settings/sinks/test-send"
import { run } from "@/lib/http/run"
import { listSinkKinds } from "@/lib/operations/sinks/kinds"
import { SinkFrame, type SinkParams, sinkTitle } from "./sink-frame"

interface PageProps {
  readonly params: SinkParams
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: await sinkTitle(params, "Sink") }
}

/** Where one sink stands, what it sends, and what can be done with it. */
export default async function SinkPage({ params }: PageProps) {
  return (
    <SinkFrame params={params}>
      {async (sink, slug) => {
        const kinds = await run(listSinkKinds, slug, {})
        if (!kinds.ok) return <Refused {...kinds} />
        const kind = kinds.value.kinds.find(each => each.kind === sink.kind) ?? null
        return (
          <>
            <Overview
              slug={slug}
              sink={sink}
              kind={kind}
              omittable={kinds.value.omittable}
              now={new Date()}
            />
            {sink.isServer ? null : (
              <>
                <Replays
                  sinkId={sink.id}
                  replays={sink.replays}
                  cancel={cancelReplayAction.bind(null, slug)}
                  actions={
                    <ReplayDialog
                      sink={sink}
                      isStrict={kind?.order === "strict"}
                      count={countSinkRangeAction.bind(null, slug)}
                      replay={replaySinkAction.bind(null, slug)}
                    />
                  }
                />
                <TestSend id={sink.id} test={testSinkAction.bind(null, slug)} />
              </>
            )}
          </>
        )
      }}
    </SinkFrame>
  )
}
