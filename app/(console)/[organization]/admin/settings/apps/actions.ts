"use server"

import { action } from "@/lib/http/action"
import { createApiKey, revokeApiKey } from "@/lib/operations/apps/api-keys"
import { createApp } from "@/lib/operations/apps/apps"

export const createAppAction = action(createApp)
export const createKeyAction = action(createApiKey)
export const revokeKeyAction = action(revokeApiKey)
