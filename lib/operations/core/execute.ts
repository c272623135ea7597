import { administrationOf, refuseLosingLastAdministrator } from "@/lib/access/administrators"
import { principalWithin } from "@/lib/access/principal"
import { attemptsThrough } from "@/lib/access/sign-in/attempts"
import type { PrismaScope } from "@/lib/database/prisma"
import type { Tx } from "@/lib/database/tx"
import { AppError, type ErrorCode } from "@/lib/errors"
import { subjectsOf } from "@/lib/operations/subjects"
import { platform as currentPlatform, type Platform } from "@/lib/platform"
import { authorise, requireRecentProof } from "./authorise"
import { parseInput } from "./input"
import {
  type About,
  type AnyOperation,
  type Caller,
  type CompanionEvent,
  type Context,
  type Happened,
  OperationFailure,
  type ReadContext,
  type WriteContext,
} from "./operation"
import type { OwnDoing } from "./own-event"
import { appendApart, appendWithin } from "./own-log"
import { recordRefusal } from "./refusals"
import { logFirst } from "./unrecorded"

/** Errors that are refusals, with their names in the OWASP logging vocabulary. */
const refusals: Partial<Record<ErrorCode, string>> = {
  forbidden: "authz_fail",
  "rate-limited": "excess_rate_limit_exceeded",
}

/** Errors without an event: the caller is unknown, or the input could not be read. */
const untried: ReadonlySet<ErrorCode> = new Set([
  "unauthenticated",
  "proof-required",
  "malformed",
  "too-large",
  "unsupported-media-type",
  "invalid",
])

/**
 * Runs an operation, and is the only way to do so: authorises, parses the input, requires a recent proof where one is
 * needed. A write stores its event in the transaction of its change; a refusal or a failure stores one after the
 * rollback. A `rawInput` that is a function is called only after the caller was authorised.
 */
export async function execute<Output>(
  operation: AnyOperation<Output>,
  caller: Caller,
  rawInput: unknown,
): Promise<Output> {
  const platform = currentPlatform()
  let input: unknown
  try {
    authorise(operation, caller)
    const raw = typeof rawInput === "function" ? await rawInput() : rawInput
    input = parseInput(operation.input, raw, operation.mostInputValues)
    // After parsing: nobody is asked for a proof of identity for input that is invalid anyway.
    if (operation.recentProof) requireRecentProof(caller)
    return await perform({ operation, caller, input, platform })
  } catch (error) {
    const ended = recordEnd(operation, { caller, input, error, platform })
    await ended.catch(logFirst(operation, caller, error))
    throw error
  }
}

interface Call<Output> {
  readonly operation: AnyOperation<Output>
  readonly caller: Caller
  readonly input: unknown
  readonly platform: Platform
}

async function perform<Output>(call: Call<Output>): Promise<Output> {
  const { operation, caller, input, platform } = call
  if (operation.effect === "write") return change(call)
  const context = readContextOf(operation, caller, platform)
  const { value, event } = await callRun(operation, context, input)
  if (event) await context.record(event, { status: "success" })
  return value
}

function contextOf(operation: AnyOperation, caller: Caller, platform: Platform): Context<"public"> {
  const { database, ...services } = platform
  const { organization, scope } = caller.principal
  return {
    ...services,
    ...{ caller, organization, scope },
    attempts: attemptsThrough(database.beside),
    record: (about, outcome) =>
      appendApart({ operation: eventNameOf(operation), caller, about, outcome }, platform),
  }
}

function readContextOf(operation: AnyOperation, caller: Caller, platform: Platform): ReadContext<"public"> {
  const { organization } = caller.principal
  return {
    ...contextOf(operation, caller, platform),
    read: fn =>
      platform.database.withOrganizationPrisma(
        organization?.id ?? null,
        ({ enter, ...transaction }) => {
          const mayEnter = operation.permission === "public"
          return fn({ ...transaction, caller, organization, enter: mayEnter ? enter : stay })
        },
        { readOnly: true },
      ),
  }
}

async function change<Output>(call: Call<Output>): Promise<Output> {
  const { operation, input, platform } = call
  const organizationId = call.caller.principal.organization?.id ?? null
  const write = async ({ prisma, tx, ...scope }: PrismaScope<Tx>) => {
    const enter = onlyWhenElsewhere(organizationId, scope.enter)
    const administration = administrationOf(tx)
    const caller = await callerInTurn(call, { prisma, tx, administration })
    const companions: OwnDoing[] = []
    const recordAlong = ({ principal, ...doing }: CompanionEvent) => {
      companions.push({ ...doing, caller: { ...caller, principal } })
    }
    const context = {
      ...contextOf(operation, caller, platform),
      ...{ prisma, tx, enter, administration, recordAlong },
    }
    const { value, event } = await callRun(operation, context, input)
    for (const id of administration.locked()) {
      await enter(id)
      await refuseLosingLastAdministrator(administration, id)
    }
    const doing = { operation: eventNameOf(operation), caller, outcome: { status: "success" } } as const
    const about = event ?? { targets: [] }
    await appendWithin({ tx, enter }, [...companions, { ...doing, about }], platform)
    return value
  }
  const { database } = platform
  return database.writes.watch(() => database.withOrganizationPrisma(organizationId, write))
}

async function stay(): Promise<void> {
  throw new AppError("internal", "A read of one organization was to enter another.")
}

// The organization that the transaction acts for already needs no statement.
function onlyWhenElsewhere(first: string | null, enter: PrismaScope<Tx>["enter"]): PrismaScope<Tx>["enter"] {
  let current = first
  return async organizationId => {
    if (organizationId === current) return
    await enter(organizationId)
    current = organizationId
  }
}

/**
 * Writes to one organization run one after the other, and each is authorised when its turn comes: permissions removed
 * while it waited do not count. So nobody acts after their demotion, and two writes never deadlock on each other's
 * rows.
 */
async function callerInTurn(
  { operation, caller }: Pick<Call<unknown>, "operation" | "caller">,
  transaction: Pick<WriteContext<"public">, "prisma" | "tx" | "administration">,
): Promise<Caller> {
  const { principal, at } = caller
  const needsNoOrganization = operation.permission === "public" || operation.permission === "signed-in"
  if (needsNoOrganization || principal.organization === null) return caller
  await transaction.administration.lock(principal.organization.id)
  if (principal.kind !== "person") return caller
  const inTurn = { ...caller, principal: await principalWithin(principal, { ...transaction, at }) }
  authorise(operation, inTurn)
  return inTurn
}

async function recordEnd(
  operation: AnyOperation,
  { caller, input, error, platform }: EndedCall,
): Promise<void> {
  const call = { operation: eventNameOf(operation), caller }
  const message = error instanceof AppError ? error.message : "An internal error."
  const named = async (about: About): Promise<About> =>
    about.targets.length > 0
      ? about
      : { ...about, targets: await subjectsOf(operation, caller, { input, platform }) }
  const refusal = refusalOf(error) ?? (await staleProofOf(operation, { caller, input, error, platform }))
  if (refusal) return recordRefusal({ ...call, about: await named(refusal), message }, platform)
  const failure = failureOf(operation, error)
  if (failure) {
    const outcome = { status: "failure", statusMessage: message } as const
    await appendApart({ ...call, about: await named(failure), outcome }, platform)
  }
}

interface EndedCall {
  readonly caller: Caller
  /** The parsed input; undefined when it was not valid. */
  readonly input: unknown
  readonly error: unknown
  readonly platform: Platform
}

function eventNameOf({ name, eventName = name }: AnyOperation): string {
  return eventName
}

/** What the event of a refusal says; null when the error is not a refusal. */
function refusalOf(error: unknown): About | null {
  if (error instanceof OperationFailure) return error.status === "denied" ? error.about : null
  if (!(error instanceof AppError)) return null
  const owasp = refusals[error.code]
  return owasp === undefined ? null : { targets: [], metadata: { owasp } }
}

// A request for a new proof is not a refusal, except where nobody can provide one (see `staleProof`).
async function staleProofOf(
  operation: AnyOperation,
  { caller, input, error, platform }: EndedCall,
): Promise<About | null> {
  if (!(error instanceof AppError) || error.code !== "proof-required") return null
  return (
    (await operation.staleProof?.(readContextOf(operation, caller, platform) as never, input as never)) ??
    null
  )
}

// Reads that leave no event when they succeed leave none when they fail.
function failureOf(operation: AnyOperation, error: unknown): About | null {
  if (error instanceof OperationFailure) return error.about
  const wasTried = !(error instanceof AppError) || !untried.has(error.code)
  return operation.recorded && wasTried ? { targets: [] } : null
}

// `authorise` has checked the operation's requirement and `parseInput` its schema, so context and input have the
// types of its functions; a list of operations of all kinds cannot express this in types.
function callRun<Output>(
  operation: AnyOperation<Output>,
  context: ReadContext<"public"> | WriteContext<"public">,
  input: unknown,
): Promise<Happened<Output>> {
  return operation.run(context as never, input as never)
}
