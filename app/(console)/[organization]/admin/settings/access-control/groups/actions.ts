"use server"

import { action } from "@/lib/http/action"
import { addGroupApps, removeGroupApps } from "@/lib/operations/groups/apps"
import { createGroup, updateGroup } from "@/lib/operations/groups/change"
import { deleteGroup } from "@/lib/operations/groups/delete"
import { addGroupMembers, removeGroupMembers } from "@/lib/operations/groups/members"
import { addGroupRoles, removeGroupRoles } from "@/lib/operations/groups/roles"
import { listMemberChoices } from "@/lib/operations/members/member-choices"

export const createGroupAction = action(createGroup)
export const updateGroupAction = action(updateGroup)
export const deleteGroupAction = action(deleteGroup)
export const addGroupMembersAction = action(addGroupMembers)
export const removeGroupMembersAction = action(removeGroupMembers)
export const addGroupRolesAction = action(addGroupRoles)
export const removeGroupRolesAction = action(removeGroupRoles)
export const addGroupAppsAction = action(addGroupApps)
export const removeGroupAppsAction = action(removeGroupApps)
export const findPeopleAction = action(listMemberChoices)
