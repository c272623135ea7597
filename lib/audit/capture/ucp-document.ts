import { AppError, type Fault } from "@/lib/errors"
import { flagsOf, type Level, levelOf, levels, nearestLowerLevel } from "./level"
import type { CapturePolicy } from "./policy"
import { Reader } from "./reader"

/** The levels of the server log, as this installation names them. */
type LogLevel = "debug" | "info" | "warn" | "error" | "silent"

/** What `/api/ucp/config/logging` shows and sets. */
export interface UcpSettings {
  readonly policy: CapturePolicy
  readonly logLevel: LogLevel
  readonly supportDumpIncludeAuditLogs: boolean
}

/** A UCP document after it was read. */
export interface UcpDocument {
  readonly logLevel: Exclude<LogLevel, "silent">
  readonly auditLevel: Level
  readonly supportDumpIncludeAuditLogs: boolean
}

const logLevels = {
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  fatal: "error",
} as const

const members = ["logLevel", "auditLevel", "supportDumpIncludeAuditLogs"] as const

/**
 * Returns the text of the document: three members in this order, without a space or a line break, because the documented
 * command hands it on unquoted.
 */
export function ucpDocument(settings: UcpSettings): string {
  const { logLevel, auditLevel, supportDumpIncludeAuditLogs } = shown(settings)
  return JSON.stringify({ logLevel: logLevel.toUpperCase(), auditLevel, supportDumpIncludeAuditLogs })
}

/** Returns whether the policy says something that none of the levels says; the document then shows the nearest lower one. */
export function isCustomForUcp({ enabled, default: standard }: CapturePolicy): boolean {
  return enabled && (levelOf(standard) === "custom" || !standard.call)
}

/** Returns the document that a JSON value is. Throws AppError `invalid` with every fault. */
export function parseUcpDocument(value: unknown): UcpDocument {
  const faults: Fault[] = []
  const document = new Reader(value, [], faults)
  if (!document.object(members)) throw refused(faults)
  const logLevel = readLogLevel(document.at("logLevel"))
  const auditLevel = readAuditLevel(document.at("auditLevel"))
  const included = document.at("supportDumpIncludeAuditLogs")
  if (included.isAbsent) included.fault("is required")
  else included.boolean()
  if (faults.length > 0) throw refused(faults)
  return { logLevel, auditLevel, supportDumpIncludeAuditLogs: included.value === true }
}

/**
 * Returns the settings after a document was put. What it shows already stays as it is: a policy that no level describes and a
 * silent log are not destroyed by putting back what was read.
 */
export function applyUcpDocument(settings: UcpSettings, document: UcpDocument): UcpSettings {
  const before = shown(settings)
  return {
    policy:
      document.auditLevel === before.auditLevel
        ? settings.policy
        : withLevel(settings.policy, document.auditLevel),
    logLevel: document.logLevel === before.logLevel ? settings.logLevel : document.logLevel,
    supportDumpIncludeAuditLogs: document.supportDumpIncludeAuditLogs,
  }
}

function refused(faults: readonly Fault[]): AppError {
  return new AppError("invalid", "The document is not acceptable as sent.", { faults })
}

function withLevel(policy: CapturePolicy, level: Level): CapturePolicy {
  return level === "none"
    ? { ...policy, enabled: false }
    : { ...policy, enabled: true, default: flagsOf(level) }
}

function shown({ policy, logLevel, supportDumpIncludeAuditLogs }: UcpSettings): UcpDocument {
  return {
    logLevel: logLevel === "silent" ? "error" : logLevel,
    auditLevel: policy.enabled ? nearestLowerLevel(policy.default) : "none",
    supportDumpIncludeAuditLogs,
  }
}

function readLogLevel(given: Reader): UcpDocument["logLevel"] {
  const word = wordOf(given)
  if (word !== null && Object.hasOwn(logLevels, word)) return logLevels[word as keyof typeof logLevels]
  given.fault(given.isAbsent ? "is required" : "must be DEBUG, INFO, WARN or ERROR")
  return "info"
}

function readAuditLevel(given: Reader): Level {
  const word = wordOf(given)
  const level = word === "" ? "none" : levels.find(one => one === word)
  if (level !== undefined) return level
  given.fault(given.isAbsent ? "is required" : `must be ${levels.join(", ")} or empty`)
  return "none"
}

function wordOf(given: Reader): string | null {
  return typeof given.value === "string" ? given.value.toLowerCase() : null
}
