import { Users } from "lucide-react"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import { EmptyState } from "@/components/ui/empty-state"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import { AddCollaborator, type AddCollaboratorProps } from "./add-collaborator"
import type { CollaboratorRow } from "./collaborator"
import { CollaboratorActions, type CollaboratorActionsProps } from "./collaborator-actions"

export interface CollaboratorsProps
  extends AddCollaboratorProps,
    Pick<CollaboratorActionsProps, "update" | "remove"> {
  readonly app: { readonly slug: string; readonly name: string; readonly archivedAt: string | null }
  readonly collaborators: readonly CollaboratorRow[]
}

/** The section of an app's page with those who hold a role in this app only. */
export function Collaborators({ app, collaborators, choices, add, update, remove }: CollaboratorsProps) {
  return (
    <section aria-labelledby="collaborators" className="grid gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <h2 id="collaborators" className="text-lg font-semibold">
          Collaborators
        </h2>
        {app.archivedAt === null ? <AddCollaborator app={app} choices={choices} add={add} /> : null}
      </div>
      {collaborators.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={Users} title="No collaborators" level={3} className="py-10!">
            <p>A collaborator is a member who sees the events of {app.name} by a role held in it alone.</p>
          </EmptyState>
        </div>
      ) : (
        <div className="overflow-x-auto rounded-md border bg-card">
          <Table className="table-stacked">
            <TableCaption>Collaborators of {app.name}.</TableCaption>
            <TableHeader>
              <tr>
                <TableHead>Name</TableHead>
                <TableHead>Role</TableHead>
                <TableHead>Permissions here</TableHead>
                <TableHead>Since</TableHead>
                <TableHead>
                  <span className="sr-only">Actions</span>
                </TableHead>
              </tr>
            </TableHeader>
            <TableBody>
              {collaborators.map(collaborator => (
                <TableRow key={collaborator.personId}>
                  <TableCell className="sm:min-w-48">
                    <span className="font-medium wrap-anywhere">{collaborator.name}</span>
                    {collaborator.status === "active" ? null : (
                      <Badge tone="denied" className="ml-2">
                        Suspended
                      </Badge>
                    )}
                    <span className="block text-xs text-muted-foreground wrap-anywhere">
                      {collaborator.email}
                    </span>
                  </TableCell>
                  <TableCell data-label="Role">{collaborator.role.name}</TableCell>
                  <TableCell data-label="Permissions">
                    <span className="font-data text-xs text-pretty">
                      {collaborator.permissions.length === 0 ? "None" : collaborator.permissions.join(", ")}
                    </span>
                  </TableCell>
                  <TableCell data-label="Since">
                    <TimeOrWord at={collaborator.since} word="" format="day" />
                  </TableCell>
                  <TableCell className="sm:text-right">
                    <CollaboratorActions
                      app={app}
                      collaborator={collaborator}
                      roles={choices.roles}
                      update={update}
                      remove={remove}
                    />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </section>
  )
}
