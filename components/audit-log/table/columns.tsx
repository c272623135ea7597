"use client"

import { type ColumnDef, tableFeatures } from "@tanstack/react-table"
import { useAccess } from "@/components/audit-log/access-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import { ActorMark } from "@/components/audit-log/values/actor-mark"
import { MiddleText } from "@/components/audit-log/values/middle-text"
import { RowStatus } from "@/components/audit-log/values/status-mark"
import { ValueText } from "@/components/audit-log/values/value-text"
import { visibleText } from "@/components/audit-log/values/visible"
import { Time } from "@/components/time/time"
import { CopyButton } from "@/components/ui/copy-button"
import { type ColumnId, columnIds, columnLabels } from "./column-places"
import { OpenLink } from "./open-link"
import type { EventRow } from "./row"
import { useRowState } from "./row-state"

/** The server filters, sorts and pages; the table does the layout only. */
export const features = tableFeatures({})

const cells: Readonly<Record<ColumnId, (row: EventRow) => React.ReactNode>> = {
  when: row => <WhenCell row={row} />,
  who: row => <ActorMark actor={row.actor} onBehalfOf={row.onBehalfOf} />,
  what: row => <OpenLink row={row} />,
  target: row => <TargetCell row={row} />,
  app: row => <AppCell appId={row.appId} />,
  where: row => (row.where === null ? <Nothing /> : <WhereCell where={row.where} />),
  status: row => <RowStatus status={row.status} />,
}

export const columns: ColumnDef<typeof features, EventRow>[] = columnIds.map(id => ({
  id,
  header: columnLabels[id],
  cell: ({ row }) => cells[id](row.original),
}))

function WhenCell({ row }: { readonly row: EventRow }) {
  const { answered } = useLogQuery()
  return <Time instant={row.occurredAt} zone={answered.zone} className="@lg:whitespace-nowrap!" />
}

function TargetCell({ row }: { readonly row: EventRow }) {
  const { target, furtherTargets } = row
  if (!target) return <Nothing />
  const named = target.label !== target.id
  return (
    <span className="relative flex max-w-full min-w-0 items-baseline gap-1.5">
      {named ? (
        <span title={visibleText(`${target.type} ${target.label} (${target.id})`)} className="min-w-0">
          <ValueText text={target.label} truncate />
        </span>
      ) : (
        <MiddleText text={target.id} className="font-data" />
      )}
      {furtherTargets > 0 ? (
        <span className="shrink-0 text-xs text-muted-foreground">
          +{furtherTargets}
          <span className="sr-only"> more</span>
        </span>
      ) : null}
      <HoverCopy value={target.id} label="Copy the target's id" />
    </span>
  )
}

function AppCell({ appId }: { readonly appId: string }) {
  const { apps } = useAccess()
  const app = apps.find(candidate => candidate.id === appId)
  return app ? (
    <span title={visibleText(`${app.name} (${app.slug})`)} className="block">
      <ValueText text={app.name} truncate />
    </span>
  ) : (
    <MiddleText text={appId} className="font-data" />
  )
}

function WhereCell({ where }: { readonly where: string }) {
  return (
    <span className="relative flex max-w-full min-w-0 @max-lg:justify-end">
      <MiddleText text={where} className="font-data" />
      <HoverCopy value={where} label="Copy the source" />
    </span>
  )
}

/** Copies a value by mouse only; by keyboard the open event offers the same for every value. */
function HoverCopy({ value, label }: { readonly value: string; readonly label: string }) {
  const { hovered } = useRowState()
  if (!hovered) return null
  return (
    <CopyButton
      value={value}
      label={label}
      tabIndex={-1}
      className="absolute! top-1/2 right-0 -translate-y-1/2 bg-accent @max-lg:hidden"
    />
  )
}

function Nothing() {
  return (
    <span className="text-muted-foreground @max-lg:hidden">
      <span aria-hidden="true">–</span>
      <span className="sr-only">none</span>
    </span>
  )
}
