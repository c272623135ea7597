"use server"

import { action } from "@/lib/http/action"
import { cancelInvitation } from "@/lib/operations/access-control/invitations/invitations"
import { createInvitations, resendInvitation } from "@/lib/operations/access-control/invitations/sending"

export const createInvitationsAction = action(createInvitations)
export const resendInvitationAction = action(resendInvitation)
export const cancelInvitationAction = action(cancelInvitation)
