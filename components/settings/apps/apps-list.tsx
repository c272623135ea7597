"use client"

import { SearchX } from "lucide-react"
import { useState } from "react"
import { ListToolbar } from "@/components/access-control/list-toolbar"
import type { Submit } from "@/components/form/use-submit"
import { matches } from "@/components/ui/choice-list"
import { EmptyState } from "@/components/ui/empty-state"
import type { AppRow } from "./app-row"
import { AppsTable, ArchivedAppsTable } from "./apps-table"
import { CreateApp } from "./create-app"

export interface AppsListProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly apps: readonly AppRow[]
  readonly createApp: Submit<{ readonly slug: string }>
}

/** The apps of the organization, filtered while typing; archived ones separately, below. */
export function AppsList({ slug, apps, createApp }: AppsListProps) {
  const [typed, setTyped] = useState("")
  const found = apps.filter(app => matches(typed, app.name, app.slug))
  const current = found.filter(app => app.archivedAt === null)
  const archived = found.filter(app => app.archivedAt !== null)
  return (
    <>
      <section aria-label="Apps" className="grid gap-3">
        <ListToolbar
          searchLabel="Search apps"
          typed={typed}
          onType={setTyped}
          action={<CreateApp slug={slug} createApp={createApp} />}
        />
        {current.length > 0 ? <AppsTable slug={slug} apps={current} /> : null}
        {found.length === 0 ? (
          <div className="rounded-md border bg-card">
            <EmptyState icon={SearchX} title="No app is called that" className="py-10!">
              <p>Search by name or slug.</p>
            </EmptyState>
          </div>
        ) : null}
      </section>
      {archived.length > 0 ? (
        <section aria-labelledby="archived" className="grid gap-3">
          <div className="grid gap-0.5">
            <h2 id="archived" className="text-lg font-semibold">
              Archived
            </h2>
            <p className="text-muted-foreground text-pretty">
              Their keys are refused. Their events stay in the log.
            </p>
          </div>
          <ArchivedAppsTable slug={slug} apps={archived} />
        </section>
      ) : null}
    </>
  )
}
