"use server"

import { action } from "@/lib/http/action"
import { createApiKey, revokeApiKey } from "@/lib/operations/api-keys"
import { createApp } from "@/lib/operations/apps"

export const createAppAction = action(createApp)
export const createKeyAction = action(createApiKey)
export const revokeKeyAction = action(revokeApiKey)
