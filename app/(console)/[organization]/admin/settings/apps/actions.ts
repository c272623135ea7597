"use server"

import { action } from "@/lib/http/action"
import { rotateApiKey, updateApiKey } from "@/lib/operations/apps/api-key-changes"
import { createApiKey, revokeApiKey } from "@/lib/operations/apps/api-keys"
import { archiveApp, createApp, restoreApp, updateApp } from "@/lib/operations/apps/apps"

export const createAppAction = action(createApp)
export const updateAppAction = action(updateApp)
export const archiveAppAction = action(archiveApp)
export const restoreAppAction = action(restoreApp)
export const createKeyAction = action(createApiKey)
export const updateKeyAction = action(updateApiKey)
export const rotateKeyAction = action(rotateApiKey)
export const revokeKeyAction = action(revokeApiKey)
