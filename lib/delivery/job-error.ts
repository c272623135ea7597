import { getSystemErrorMap } from "node:util"
import { databaseError, databaseTroubleOf, sqlState, troubleInWords } from "@/lib/database/errors"

const systemCodes: ReadonlySet<string> = new Set([...getSystemErrorMap().values()].map(([name]) => name))
/** The classes of PostgreSQL's codes. */
const databaseState = /^(?:[0-5][0-9A-Z]|58|72|F0|HV|P0|XX)[0-9A-Z]{3}$/
const details = "The log of the worker has the details."

/**
 * Returns why a job failed, for everybody who manages an organization: one of our own sentences and at most a code from a
 * known list. Nothing that the error itself says, because that may quote data of a tenant.
 */
export function jobErrorInWords(error: unknown): string {
  const trouble = databaseTroubleOf(databaseError(error))
  if (trouble !== undefined) return troubleInWords[trouble]
  const state = sqlState(error)
  if (state !== undefined && databaseState.test(state))
    return `The database refused a statement (${state}). ${details}`
  const code = systemCodeOf(error)
  return code === undefined ? `Unexpected error. ${details}` : `A system call failed (${code}). ${details}`
}

function systemCodeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined
  return typeof code === "string" && systemCodes.has(code) ? code : undefined
}
