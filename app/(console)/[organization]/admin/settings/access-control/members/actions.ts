"use server"

import { action } from "@/lib/http/action"
import { changeMember } from "@/lib/operations/members/change"
import { endMemberSessions } from "@/lib/operations/members/end-sessions"
import { removeMember } from "@/lib/operations/members/remove"
import { reactivateMember, suspendMember } from "@/lib/operations/members/status"

export const changeMemberAction = action(changeMember)
export const suspendMemberAction = action(suspendMember)
export const reactivateMemberAction = action(reactivateMember)
export const removeMemberAction = action(removeMember)
export const endMemberSessionsAction = action(endMemberSessions)
