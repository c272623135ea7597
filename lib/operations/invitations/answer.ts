import { z } from "zod"
import type { OpenInvitation } from "@/lib/access/invitations"
import type { About } from "@/lib/operations/core/operation"

export const tokenInput = z.string().max(200)

export function aboutInvitation({ id, organization, email }: OpenInvitation, person: Named | null): About {
  return {
    targets: [{ type: "invitation", id, name: email }],
    organizationIds: [organization.id],
    // The recipient has no account yet: all that is known is that the link was sent to this email only.
    actor: person ? { ...person, email } : { id: null, name: email, email },
  }
}

export interface Named {
  readonly id: string
  readonly name: string
}
