"use server"

import { action } from "@/lib/http/action"
import { createRole, updateRole } from "@/lib/operations/roles/change"
import { deleteRole } from "@/lib/operations/roles/delete"

export const createRoleAction = action(createRole)
export const updateRoleAction = action(updateRole)
export const deleteRoleAction = action(deleteRole)
