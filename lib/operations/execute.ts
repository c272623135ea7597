import { AppError } from "@/lib/errors"
import { platform as currentPlatform, type Platform } from "@/lib/platform"
import { authorise } from "./authorise"
import { parseInput } from "./input"
import type { WriteContext } from "./operation"
import {
  type About,
  type AnyOperation,
  type Caller,
  OperationFailure,
  type Outcome,
  type ReadContext,
} from "./operation"
import { appendApart, appendWithin } from "./own-log"
import { recordRefusal } from "./refusals"

/** Nothing was attempted: what was sent could not be understood. */
const inputCodes: ReadonlySet<AppError["code"]> = new Set([
  "malformed",
  "too-large",
  "unsupported-media-type",
  "invalid",
])

/**
 * Authorises, parses, runs: the only way to call an operation. A write leaves its event in the transaction of its change, a
 * refusal or a failure leaves one after the rollback. `rawInput` may be a function; it is asked for the input only after
 * the caller was found to be permitted.
 */
export async function execute<Output>(
  operation: AnyOperation<Output>,
  caller: Caller,
  rawInput: unknown,
): Promise<Output> {
  const platform = currentPlatform()
  try {
    authorise(operation, caller)
    const input = parseInput(operation.input, typeof rawInput === "function" ? await rawInput() : rawInput)
    return await perform({ operation, caller, input, platform })
  } catch (error) {
    await recordEnd(operation, { caller, error, platform })
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
    appendApart({ operation: operation.name, caller, about, outcome }, platform)
  const { organization, scope } = caller.principal
  const context = { caller, organization, scope, record }
  if (operation.effect === "write") return change(call, context)
  const output = await callRun(operation, context, input)
  if (operation.about) await record(callAbout(operation, input, output), { status: "success" })
  return output
}

async function change<Output>(call: Call<Output>, context: ReadContext<"public">): Promise<Output> {
  const { operation, caller, input, platform } = call
  const organizationId = caller.principal.organization?.id ?? null
  return platform.database.withOrganizationPrisma(organizationId, async ({ prisma, tx, enter }) => {
    const output = await callRun(operation, { ...context, prisma, tx, enter }, input)
    const about = callAbout(operation, input, output)
    const doing = { operation: operation.name, caller, about, outcome: { status: "success" } } as const
    await appendWithin({ tx, enter }, doing, platform)
    return output
  })
}

// Reads that leave no event when they succeed leave none when they fail.
async function recordEnd(
  operation: AnyOperation,
  {
    caller,
    error,
    platform,
  }: { readonly caller: Caller; readonly error: unknown; readonly platform: Platform },
): Promise<void> {
  const known = error instanceof AppError ? error : null
  const own = error instanceof OperationFailure ? error : null
  const about = own?.about ?? { targets: [] }
  const message = known?.message ?? "An internal error."
  const call = { operation: operation.name, caller, about }
  if (known?.code === "forbidden" && !own)
    return recordRefusal({ ...call, owasp: "authz_fail", message }, platform)
  if (known?.code === "rate-limited" && !own) {
    return recordRefusal({ ...call, owasp: "excess_rate_limit_exceeded", message }, platform)
  }
  if (own) return appendApart({ ...call, outcome: { status: own.status, statusMessage: message } }, platform)
  const leavesEvent =
    operation.effect === "write" || (operation.effect === "read" && operation.about !== undefined)
  if (!leavesEvent || known?.code === "unauthenticated" || (known && inputCodes.has(known.code))) return
  return appendApart({ ...call, outcome: { status: "failure", statusMessage: message } }, platform)
}

// `authorise` has seen the operation's own requirement and `parseInput` its own schema, so context and input are what its
// functions ask for; a list of operations of all kinds cannot say so in types.
function callRun<Output>(
  operation: AnyOperation<Output>,
  context: ReadContext<"public"> | WriteContext<"public">,
  input: unknown,
): Promise<Output> {
  return operation.run(context as never, input as never)
}

// The same for what the event is about: input and output are those of this call.
function callAbout<Output>(operation: AnyOperation<Output>, input: unknown, output: Output): About {
  return operation.about?.(input as never, output as never) ?? { targets: [] }
}
