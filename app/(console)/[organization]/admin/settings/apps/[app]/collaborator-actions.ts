"use server"

import { action } from "@/lib/http/action"
import { listMemberChoicesForApp } from "@/lib/operations/access-control/members/choices"
import { addCollaborator, removeCollaborator, updateCollaborator } from "@/lib/operations/apps/collaborators"

export const addCollaboratorAction = action(addCollaborator)
export const updateCollaboratorAction = action(updateCollaborator)
export const removeCollaboratorAction = action(removeCollaborator)
export const findPeopleForAppAction = action(listMemberChoicesForApp)
