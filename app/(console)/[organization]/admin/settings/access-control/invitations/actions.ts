"use server"

import { action } from "@/lib/http/action"
import { cancelInvitation } from "@/lib/operations/invitations/invitations"
import { createInvitations, resendInvitation } from "@/lib/operations/invitations/sending"

export const createInvitationsAction = action(createInvitations)
export const resendInvitationAction = action(resendInvitation)
export const cancelInvitationAction = action(cancelInvitation)
