"use server"

import { action } from "@/lib/http/action"
import { createClarifaiUserId, deleteClarifaiUserId } from "@/lib/operations/clarifai/user-ids"
import { updateOrganization } from "@/lib/operations/organizations/change"
import { createOrganization } from "@/lib/operations/organizations/create"

export const updateOrganizationAction = action(updateOrganization)
export const createOrganizationAction = action(createOrganization)
export const createClarifaiUserIdAction = action(createClarifaiUserId)
export const deleteClarifaiUserIdAction = action(deleteClarifaiUserId)
