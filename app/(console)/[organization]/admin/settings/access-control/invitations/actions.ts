"use server"

import { action } from "@/lib/http/action"
import { cancelInvitation } from "@/lib/operations/invitations/cancel"
import { createInvitations } from "@/lib/operations/invitations/create"
import { resendInvitation } from "@/lib/operations/invitations/resend"

export const createInvitationsAction = action(createInvitations)
export const resendInvitationAction = action(resendInvitation)
export const cancelInvitationAction = action(cancelInvitation)
