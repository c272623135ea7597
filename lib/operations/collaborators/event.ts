import type { About } from "@/lib/operations/core/operation"

interface Named {
  readonly id: string
  readonly name: string
}

/** The role of a collaborator before and after a change; null = none. */
export interface CollaboratorDone {
  readonly member: { readonly personId: string; readonly name: string }
  readonly app: Named
  readonly before: Named | null
  readonly after: Named | null
}

/** Returns the event of a change of a collaborator: the member, the app, and the role before and after. */
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
