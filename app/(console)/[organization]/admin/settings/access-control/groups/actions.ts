"use server"

import { action } from "@/lib/http/action"
import { addGroupApps, removeGroupApps } from "@/lib/operations/access-control/groups/apps"
import { createGroup, updateGroup } from "@/lib/operations/access-control/groups/change"
import { deleteGroup } from "@/lib/operations/access-control/groups/delete"
import { addGroupMembers, removeGroupMembers } from "@/lib/operations/access-control/groups/members"
import { addGroupRoles, removeGroupRoles } from "@/lib/operations/access-control/groups/roles"
import { listMemberChoices } from "@/lib/operations/access-control/members/choices"

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
