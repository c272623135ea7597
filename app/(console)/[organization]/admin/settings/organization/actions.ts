"use server"

import { action } from "@/lib/http/action"
import { updateOrganization } from "@/lib/operations/organizations/change"
import { createOrganization } from "@/lib/operations/organizations/create"

export const updateOrganizationAction = action(updateOrganization)
export const createOrganizationAction = action(createOrganization)
