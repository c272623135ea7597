"use server"

import { action } from "@/lib/http/action"
import { addCollaborator } from "@/lib/operations/collaborators/add"
import { removeCollaborator } from "@/lib/operations/collaborators/remove"
import { updateCollaborator } from "@/lib/operations/collaborators/update"
import { listMemberChoicesForApp } from "@/lib/operations/members/member-choices"

export const addCollaboratorAction = action(addCollaborator)
export const updateCollaboratorAction = action(updateCollaborator)
export const removeCollaboratorAction = action(removeCollaborator)
export const findPeopleForAppAction = action(listMemberChoicesForApp)
