import { deleteAllUserSessions, deleteUserSession, updateUserPassword } from "./account"
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys"
import { createApp, listApps } from "./apps"
import { exportEvents } from "./event-export"
import { ingestEvents } from "./event-ingest"
import { countEvents, findEvent, listChoices, listLogApps, searchEvents } from "./events"
import { describeKey } from "./key"
import { addMember } from "./members"
import type { AnyOperation } from "./operation"
import { createOrganization } from "./organizations"
import { createSignInLink, createUserSession, redeemSignInLink } from "./sign-in"
import { findUserSession } from "./user-session"

/** Everything that anybody can do. A test fails for an operation that is declared and missing here. */
export const operations: readonly AnyOperation[] = [
  searchEvents,
  findEvent,
  countEvents,
  listChoices,
  listLogApps,
  exportEvents,
  ingestEvents,
  describeKey,
  createUserSession,
  findUserSession,
  deleteUserSession,
  deleteAllUserSessions,
  updateUserPassword,
  createSignInLink,
  redeemSignInLink,
  createOrganization,
  createApp,
  listApps,
  createApiKey,
  revokeApiKey,
  listApiKeys,
  addMember,
]
