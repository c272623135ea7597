"use client"

import { AppWindow } from "lucide-react"
import type { Submit } from "@/components/form/use-submit"
import { Badge } from "@/components/ui/badge"
import { AddParts } from "./add-parts"
import { type GroupApp, type GroupDetail, inWords, type PartsChanged } from "./group"
import { type PartRow, PartsTable } from "./parts-table"

const nouns = ["app", "apps"] as const

/** The input of an action on apps. */
export interface AppsInput {
  readonly id: string
  readonly appIds: readonly string[]
}

export interface GroupAppsProps {
  readonly group: GroupDetail
  readonly addApps: Submit<PartsChanged, AppsInput>
  readonly removeApps: Submit<PartsChanged, AppsInput>
}

/** The apps that a group's roles reach. */
export function GroupApps({ group, addApps, removeApps }: GroupAppsProps) {
  return (
    <PartsTable
      groupName={group.name}
      nouns={nouns}
      heads={["Name", "Slug"]}
      rows={group.apps.map(rowOf)}
      add={
        <AddParts
          label="Add Apps"
          groupName={group.name}
          nouns={nouns}
          choices={group.appChoices.map(({ id, name, slug, archived }) => ({
            id,
            name,
            note: archived ? `${slug}, archived` : slug,
          }))}
          empty="The group reaches every app by name already."
          add={appIds => addApps({ id: group.id, appIds })}
        >
          <p className="text-sm text-muted-foreground text-pretty">
            {group.apps.length === 0
              ? "The group is not limited yet. With the first app, its members see the events of the chosen apps only, and lose what reaches all apps, such as managing members."
              : "From the next request on, its members see the events of these apps too."}
          </p>
        </AddParts>
      }
      icon={AppWindow}
      emptyTitle="The group is not limited"
      empty={
        <p>
          Its roles reach every app. Add apps to hold them to these: members then see the events of these apps
          only.
        </p>
      }
      remove={appIds => removeApps({ id: group.id, appIds })}
      consequence={rows => (
        <p>
          {rows.length === group.apps.length
            ? "No app is left then, and the limit ends: the group's roles reach every app again."
            : `Through this group its members no longer see the events of ${inWords(rows.map(({ name }) => name))}.`}
        </p>
      )}
    />
  )
}

function rowOf({ id, name, slug, archived }: GroupApp): PartRow {
  return {
    id,
    name,
    words: [slug],
    cells: [
      <span key="name" className="font-medium wrap-anywhere">
        {name}
        {archived ? (
          <Badge tone="outline" className="ml-2">
            Archived
          </Badge>
        ) : null}
      </span>,
      <span key="slug" className="font-data text-muted-foreground">
        {slug}
      </span>,
    ],
  }
}
