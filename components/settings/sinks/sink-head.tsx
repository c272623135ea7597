import Link from "next/link"
import type { ReactNode } from "react"
import { PageHeader } from "@/components/navigation/page-header"
import { Alert } from "@/components/ui/alert"
import type { SinkAnswer } from "@/lib/operations/sinks/answers"
import { sinksPath } from "./places"
import { RefreshButton } from "./refresh-button"
import { SinkTabs } from "./sink-tabs"
import { StateBadge } from "./state-badge"

export interface SinkHeadProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly sink: SinkAnswer
  /** None for the sink of the environment. */
  readonly actions?: ReactNode
}

/** The head of every page of a sink: name, state, actions, tabs. */
export function SinkHead({ slug, sink, actions }: SinkHeadProps) {
  return (
    <>
      <PageHeader
        above={
          <Link href={sinksPath(slug)} className="w-fit text-sm text-link hover:underline">
            Sinks
          </Link>
        }
        title={sink.name}
        description={
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <StateBadge state={sink.state} />
            <span>{sink.kindLabel}</span>
            <code className="font-data wrap-anywhere">{sink.destination}</code>
          </span>
        }
        actions={
          <>
            <RefreshButton />
            {actions}
          </>
        }
      />
      {sink.isServer ? <ServerNote setBy={sink.setBy} /> : null}
      <SinkTabs slug={slug} id={sink.id} isServer={sink.isServer} />
    </>
  )
}

function ServerNote({ setBy }: { readonly setBy: readonly string[] }) {
  return (
    <Alert tone="info" title="Set by the environment of the server">
      It sends the captured calls of every organization of this server, and cannot be changed here.
      {setBy.length > 0 ? (
        <ul className="mt-1 grid gap-0.5">
          {setBy.map(variable => (
            <li key={variable}>
              <code className="font-data text-xs wrap-anywhere">{variable}</code>
            </li>
          ))}
        </ul>
      ) : null}
    </Alert>
  )
}
