import { notFound } from "next/navigation"
import { cache, type ReactNode } from "react"
import {
  deleteSinkAction,
  pauseSinkAction,
  resumeSinkAction,
} from "@/app/(console)/[organization]/admin/settings/sinks/actions"
import { NoPermission } from "@/components/access/no-permission"
import { Page } from "@/components/navigation/page"
import { Refused } from "@/components/navigation/refused"
import { titleOfThing } from "@/components/page-title"
import { SinkActions } from "@/components/settings/sinks/sink-actions"
import { SinkHead } from "@/components/settings/sinks/sink-head"
import { run } from "@/lib/http/run"
import type { SinkAnswer } from "@/lib/operations/sinks/answers"
import { findSink } from "@/lib/operations/sinks/find"

/** The parameters of every page of one sink. */
export type SinkParams = Promise<{ readonly organization: string; readonly sink: string }>

// Title and page need the same data; it is looked up once per request.
const findSinkOnce = cache((organization: string, id: string) => run(findSink, organization, { id }))

/** Returns the title of a page of one sink. */
export async function sinkTitle(params: SinkParams, kind: string): Promise<string> {
  const { organization, sink: id } = await params
  // The page itself responds with not found, or redirects to the sign-in page.
  const found = await findSinkOnce(organization, id).catch(() => null)
  return titleOfThing(found?.ok ? found.value.name : null, kind)
}

interface SinkFrameProps {
  readonly params: SinkParams
  readonly children: (sink: SinkAnswer, slug: string) => ReactNode | Promise<ReactNode>
}

/** The frame of every page of one sink, or the reason why it cannot be shown. */
export async function SinkFrame({ params, children }: SinkFrameProps) {
  const { organization, sink: id } = await params
  const found = await findSinkOnce(organization, id)
  if (!found.ok) {
    // A url without a valid id names nothing.
    if (found.code === "invalid") notFound()
    return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  }
  const sink = found.value
  return (
    <Page>
      <SinkHead
        slug={organization}
        sink={sink}
        actions={
          sink.isServer ? null : (
            <SinkActions
              slug={organization}
              sink={sink}
              pause={pauseSinkAction.bind(null, organization)}
              resume={resumeSinkAction.bind(null, organization)}
              remove={deleteSinkAction.bind(null, organization)}
            />
          )
        }
      />
      {await children(sink, organization)}
    </Page>
  )
}
