import { z } from "zod"
import { invitationDays } from "@/lib/access/invitations"
import type { Caller } from "@/lib/operations/core/operation"

export const daysInput = z
  .int()
  .min(invitationDays.least, "Choose at least one day.")
  .max(invitationDays.most, "Choose at most seven days.")

export const unanswered = { acceptedAt: null, declinedAt: null, revokedAt: null } as const

// The person on whose permissions it depends until it is accepted; none for a command.
export function senderOf({ principal }: Caller): string | null {
  return principal.kind === "person" ? principal.personId : null
}
