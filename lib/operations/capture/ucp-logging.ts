import { z } from "zod"
import type { Lock } from "@/lib/audit/capture/clearml-environment"
import {
  applyUcpDocument,
  isCustomForUcp,
  parseUcpDocument,
  type UcpSettings,
  ucpDocument,
} from "@/lib/audit/capture/ucp-document"
import type { Change } from "@/lib/audit/event/event"
import { type CurrentPolicy, etagOf } from "@/lib/capture/current-policy"
import { readChosenLogLevel, writeChosenLogLevel } from "@/lib/capture/log-level"
import type { Tx } from "@/lib/database/tx"

import { type Context, operation, type WriteContext } from "@/lib/operations/core/operation"
import { changesOf } from "./changes"
import { currentWithin } from "./current"
import { refuseUnexpected } from "./expected"
import { locked, setBy, withoutLocked } from "./locks"
import { aboutChange, changeOfDump, savePolicy } from "./save"

type LogLevel = UcpSettings["logLevel"]

/** The settings of the audit log as UCP's clients read them. */
export interface UcpLogging {
  /** The document, byte for byte. */
  readonly text: string
  /** Whether the policy says something that the document cannot show. */
  readonly isCustom: boolean
  readonly etag: string
}

type Services = Pick<Context, "capturePolicies" | "env">

/** Reads the policy as UCP's settings of the audit log. */
export const readUcpLogging = operation({
  name: "capture_policy.read_ucp",
  summary: "Tells what is recorded of API calls in the form of UCP's settings.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ organization, read, ...services }): Promise<UcpLogging> =>
    read(async ({ tx }) => {
      const current = await currentWithin(tx, organization.id, services.capturePolicies)
      return loggingOf(current, await logLevelWithin(tx, services))
    }),
})

/**
 * Changes the policy by a document of UCP. What the document shows already stays as it is. Throws AppError: `invalid`,
 * `precondition-failed`, and `locked` for what is decided elsewhere.
 */
export const updateUcpLogging = operation({
  name: "capture_policy.update_ucp",
  eventName: "capture_policy.update",
  summary: "Decides what is recorded of API calls in the form of UCP's settings.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    document: z.unknown(),
    ifMatch: z.string().max(2_000).optional(),
  }),
  run: async (context, { document, ifMatch }) => {
    const { tx, organization, capturePolicies } = context
    const asked = parseUcpDocument(document)
    const before = await currentWithin(tx, organization.id, capturePolicies)
    const logLevel = await logLevelWithin(tx, context)
    refuseUnexpected({ ifMatch }, { version: before.version, etag: loggingOf(before, logLevel).etag })
    const wanted = applyUcpDocument(settingsOf(before, logLevel), asked)
    const policy = withoutLocked(wanted.policy, before, capturePolicies.environment, pointerOfLock)
    const changes = await changeLogLevel(context, logLevel, wanted.logLevel)
    const saving = { policy, supportDumpIncludes: wanted.supportDumpIncludeAuditLogs }
    const version = await savePolicy(context, before, saving)
    const after = await currentWithin(tx, organization.id, capturePolicies)
    return {
      value: loggingOf(after, wanted.logLevel),
      event: aboutChange(context, {
        changes: [...changesOf(before.stored, policy), ...changes, ...changeOfDump(before, saving)],
        version,
        previous: before.version,
      }),
    }
  },
})

function settingsOf({ policy, supportDumpIncludes }: CurrentPolicy, logLevel: LogLevel): UcpSettings {
  return { policy, logLevel, supportDumpIncludeAuditLogs: supportDumpIncludes }
}

function loggingOf(current: CurrentPolicy, logLevel: LogLevel): UcpLogging {
  const text = ucpDocument(settingsOf(current, logLevel))
  return { text, isCustom: isCustomForUcp(current.policy), etag: etagOf([text, current.etag]) }
}

/** The level that counts: that of the environment, else the one that was chosen. */
async function logLevelWithin(tx: Tx, { env }: Pick<Services, "env">): Promise<LogLevel> {
  if (env.logLevelIsSet) return env.logLevel
  return (await readChosenLogLevel(tx.query)) ?? env.logLevel
}

// The document shows one level where the policy has several parts.
function pointerOfLock({ pointer }: Lock): string {
  return pointer.startsWith("/default/") || pointer === "/enabled" ? "/auditLevel" : pointer
}

/** The log of the server belongs to the installation: one organization among several cannot decide about it. */
async function changeLogLevel(
  { tx, env, caller }: Pick<WriteContext, "tx" | "env" | "caller">,
  before: LogLevel,
  after: LogLevel,
): Promise<Change[]> {
  if (after === before || after === "silent") return []
  const pointer = "/logLevel"
  if (env.logLevelIsSet) throw locked([{ pointer, message: setBy("LOG_LEVEL") }])
  const [others] = await tx.query<{ several: boolean }>("SELECT count(*) > 1 AS several FROM organization")
  if (others?.several) {
    const message =
      "is that of the whole server, which several organizations share: set LOG_LEVEL in its environment"
    throw locked([{ pointer, message }])
  }
  await writeChosenLogLevel(tx.query, after, caller.at)
  return [{ path: pointer, before, after }]
}
