import type { About } from "@/lib/operations/operation"

interface Named {
  readonly id: string
  readonly name: string
}

/** A collaborator whose role in an app was given, changed or taken away; null = none. */
export interface CollaboratorDone {
  readonly member: { readonly personId: string; readonly name: string }
  readonly app: Named
  readonly before: Named | null
  readonly after: Named | null
}

/** Promise: what the event says: the member, the app and the roles, and the role before and after. */
export function aboutCollaborator(
  { member, app, before, after }: CollaboratorDone,
  description: string,
): About {
  const roles = [after, before].flatMap(role =>
    role ? [{ type: "role", id: role.id, name: role.name }] : [],
  )
  return {
    targets: [
      { type: "user", id: member.personId, name: member.name },
      { type: "application", id: app.id, name: app.name },
      ...roles,
    ],
    description,
    changes: [{ path: "/role", before: before?.name ?? null, after: after?.name ?? null }],
  }
}
