import { lockAdministration } from "@/lib/access/administrators"
import { principalWithin } from "@/lib/access/principal"
import type { PrismaTransaction, Tx } from "@/lib/db"
import type { PrismaScope } from "@/lib/db-prisma"
import { AppError, type ErrorCode } from "@/lib/errors"
import { platform as currentPlatform, type Platform } from "@/lib/platform"
import { authorise, requireRecentProof } from "./authorise"
import { parseInput } from "./input"
import {
  type About,
  type AnyOperation,
  type Caller,
  type CompanionEvent,
  OperationFailure,
  type Outcome,
  type ReadContext,
  type WriteContext,
} from "./operation"
import type { OwnDoing } from "./own-event"
import { appendApart, appendWithin } from "./own-log"
import { recordRefusal } from "./refusals"
import { subjectsOf } from "./subjects"

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
    input = parseInput(operation.input, typeof rawInput === "function" ? await rawInput() : rawInput)
    // After parsing: nobody is asked for a proof of identity for input that is invalid anyway.
    if (operation.recentProof) requireRecentProof(caller)
    return await perform({ operation, caller, input, platform })
  } catch (error) {
    await recordEnd(operation, { caller, input, error, platform })
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
  const record = (about: About, outcome: Outcome) =>
    appendApart({ operation: eventNameOf(operation), caller, about, outcome }, platform)
  const { organization, scope } = caller.principal
  const context = { caller, organization, scope, record }
  if (operation.effect === "write") return change(call, context)
  const output = await callRun(operation, context, input)
  if (operation.about) await record(callAbout(operation, input, output), { status: "success" })
  return output
}

async function change<Output>(call: Call<Output>, { record }: ReadContext<"public">): Promise<Output> {
  const { operation, input, platform } = call
  const organizationId = call.caller.principal.organization?.id ?? null
  const write = async ({ prisma, tx, enter }: PrismaScope<Tx>) => {
    const caller = await callerInTurn(call, { prisma, tx })
    const { organization, scope } = caller.principal
    const companions: OwnDoing[] = []
    const recordAlong = ({ principal, ...doing }: CompanionEvent) => {
      companions.push({ ...doing, caller: { ...caller, principal } })
    }
    const context = { caller, organization, scope, record, prisma, tx, enter, recordAlong }
    const output = await callRun(operation, context, input)
    const about = callAbout(operation, input, output)
    const operationName = eventNameOf(operation)
    const doing = { operation: operationName, caller, about, outcome: { status: "success" } } as const
    await appendWithin({ tx, enter }, [...companions, doing], platform)
    return output
  }
  const { database } = platform
  return database.writes.watch(() => database.withOrganizationPrisma(organizationId, write))
}

/**
 * Writes to one organization run one after the other, and each is authorised when its turn comes: permissions removed
 * while it waited do not count. So nobody acts after their demotion, and two writes never deadlock on each other's
 * rows.
 */
async function callerInTurn(
  { operation, caller }: Pick<Call<unknown>, "operation" | "caller">,
  transaction: { readonly prisma: PrismaTransaction; readonly tx: Tx },
): Promise<Caller> {
  const { principal, at } = caller
  const needsNoOrganization = operation.permission === "public" || operation.permission === "signed-in"
  if (needsNoOrganization || principal.organization === null) return caller
  await lockAdministration(transaction.tx, principal.organization.id)
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
  const refusal = refusalOf(error) ?? (await staleProofOf(operation, { caller, input, error }))
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
  { caller, input, error }: Omit<EndedCall, "platform">,
): Promise<About | null> {
  if (!(error instanceof AppError) || error.code !== "proof-required") return null
  return (await operation.staleProof?.(caller, input as never)) ?? null
}

// Reads that leave no event when they succeed leave none when they fail.
function failureOf(operation: AnyOperation, error: unknown): About | null {
  if (error instanceof OperationFailure) return error.about
  const leavesEvent =
    operation.effect === "write" || (operation.effect === "read" && operation.about !== undefined)
  const wasTried = !(error instanceof AppError) || !untried.has(error.code)
  return leavesEvent && wasTried ? { targets: [] } : null
}

// `authorise` has checked the operation's requirement and `parseInput` its schema, so context and input have the
// types of its functions; a list of operations of all kinds cannot express this in types.
function callRun<Output>(
  operation: AnyOperation<Output>,
  context: ReadContext<"public"> | WriteContext<"public">,
  input: unknown,
): Promise<Output> {
  return operation.run(context as never, input as never)
}

// The same for the event: input and output belong to this call.
function callAbout<Output>(operation: AnyOperation<Output>, input: unknown, output: Output): About {
  return operation.about?.(input as never, output as never) ?? { targets: [] }
}
