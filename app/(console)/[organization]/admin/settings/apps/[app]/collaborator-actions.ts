"use server"

import { action } from "@/lib/http/action"
import { addCollaborator, removeCollaborator, updateCollaborator } from "@/lib/operations/apps/collaborators"
import { listMemberChoicesForApp } from "@/lib/operations/members/member-choices"

export const addCollaboratorAction = action(addCollaborator)
export const updateCollaboratorAction = action(updateCollaborator)
export const removeCollaboratorAction = action(removeCollaborator)
export const findPeopleForAppAction = action(listMemberChoicesForApp)
