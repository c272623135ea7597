import type { ClarifaiAnswer, ClarifaiEntry, ClarifaiStatus, ClarifaiTarget, ClarifaiUser } from "./messages"
import { timestampOf } from "./timestamp"

/** Returns a response as the proto of `proto.ts` encodes it. For a refusal pass no entries. */
export function responseMessage(
  status: ClarifaiStatus,
  { entries }: ClarifaiAnswer = { entries: [] },
): object {
  return { status, entries: entries.map(entryMessage) }
}

function entryMessage({ timestamp, user, targets, ...entry }: ClarifaiEntry): object {
  return {
    ...entry,
    timestamp: timestampOf(timestamp),
    user: userMessage(user),
    targets: targets.map(targetMessage),
  }
}

function userMessage({ created_at, ...user }: ClarifaiUser): object {
  return { ...user, ...(created_at !== undefined && { created_at: timestampOf(created_at) }) }
}

function targetMessage({ type, id, name, appId, lists = {} }: ClarifaiTarget): object {
  return { [type]: { id, name, app_id: appId, ...lists } }
}
