"use server"

import { action } from "@/lib/http/action"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { revokeApiKey } from "@/lib/operations/api-keys/revoke"
import { rotateApiKey } from "@/lib/operations/api-keys/rotate"
import { updateApiKey } from "@/lib/operations/api-keys/update"
import { archiveApp, restoreApp } from "@/lib/operations/apps/archive"
import { createApp } from "@/lib/operations/apps/create"
import { updateApp } from "@/lib/operations/apps/update"

export const createAppAction = action(createApp)
export const updateAppAction = action(updateApp)
export const archiveAppAction = action(archiveApp)
export const restoreAppAction = action(restoreApp)
export const createKeyAction = action(createApiKey)
export const updateKeyAction = action(updateApiKey)
export const rotateKeyAction = action(rotateApiKey)
export const revokeKeyAction = action(revokeApiKey)
