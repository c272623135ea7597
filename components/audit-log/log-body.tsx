"use client"

import { lazyPart } from "@/components/ui/lazy-part"
import { useLogQuery } from "./query-context"
import { None } from "./states/none"
import { CardHead } from "./table/card-head"
import { EventTable } from "./table/event-table"
import { TableFoot } from "./table/table-foot"

const FirstSteps = lazyPart(() => import("./states/first-steps"))

/** The rows of the result, or why there are none. */
export function LogBody({ baseUrl }: { readonly baseUrl: string }) {
  const { slug, body } = useLogQuery()
  if (body.kind === "no-events-yet") return <FirstSteps slug={slug} baseUrl={baseUrl} />
  if (body.kind === "none" && body.reason.kind !== "unfinished") return <None reason={body.reason} />
  if (body.kind !== "events" && body.kind !== "none") return null
  return (
    <>
      {body.kind === "none" ? <None reason={body.reason} /> : null}
      <CardHead />
      <EventTable />
      <TableFoot />
      {body.kind === "events" && body.onlyOurs ? <FirstSteps slug={slug} baseUrl={baseUrl} /> : null}
    </>
  )
}
