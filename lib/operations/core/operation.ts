import type { z } from "zod"
import type { Administration } from "@/lib/access/administrators"
import type { Permission } from "@/lib/access/permissions"
import type { OrganizationRef, Principal } from "@/lib/access/principal"
import type { Attempts } from "@/lib/access/sign-in/attempts"
import type { Change, Source, Status, Target } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Scope } from "@/lib/audit/query/selection"
import type { PrismaTransaction } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { AppError, type ErrorCode, type Fault } from "@/lib/errors"
import type { Platform } from "@/lib/platform"

/** Who calls, from where, as part of which request, and when. */
export interface Caller {
  readonly principal: Principal
  readonly source: Source | undefined
  readonly requestId: string
  readonly at: Date
}

/**
 * `public`: anybody. `signed-in`: any person, with or without an organization. Else a permission held in the
 * organization.
 */
export type Requirement = Permission | "public" | "signed-in"

/** What the event of an operation says besides who, when, from where and with which outcome. */
export interface About {
  readonly targets: readonly Target[]
  readonly description?: string
  readonly details?: readonly string[]
  readonly changes?: readonly Change[]
  readonly metadata?: JsonObject
  /**
   * The organizations whose logs get the event, when the caller is in none (a sign-in goes to each one of the
   * person).
   */
  readonly organizationIds?: readonly string[]
  /** The actor, when the caller had no name yet (a sign-in). The id is null for somebody without an account. */
  readonly actor?: { readonly id: string | null; readonly name?: string; readonly email?: string }
}

/** What a call did: the answer for its caller, and what its event says. */
export interface Done<Value> {
  readonly value: Value
  readonly event: About
}

/** The outcome in the event. */
export interface Outcome {
  readonly status: Status
  /** The reason of a failure, for readers of the log. */
  readonly statusMessage?: string
}

/** A requirement that is a permission guarantees the organization and the scope. */
type IfHeld<R extends Requirement, Held> = R extends Permission ? Held : Held | null

/** One transaction of a call, through both clients: who calls, and in which organization. */
export interface Work<R extends Requirement = Permission> {
  readonly prisma: PrismaTransaction
  readonly tx: Tx
  readonly caller: Caller
  readonly organization: IfHeld<R, OrganizationRef>
}

/** What every `run` may use: of the platform everything but its database, which is reached in transactions only. */
export interface Context<R extends Requirement = Permission> extends Omit<Platform, "database"> {
  readonly caller: Caller
  readonly organization: IfHeld<R, OrganizationRef>
  readonly scope: IfHeld<R, Scope>
  /** Counts attempts apart from every transaction: a failure of the call does not undo them. */
  readonly attempts: Attempts
  /** Appends one more event of this operation by this caller: for work that ends after the response began. */
  readonly record: (about: About, outcome: Outcome) => Promise<void>
}

interface Entering {
  /**
   * From here on the transaction acts for this organization. For operations that begin outside of one (accepting an
   * invitation) or create one; `organizationIds` of the event still decide where it is written.
   */
  readonly enter: (organizationId: string) => Promise<void>
}

/** The transaction of a read. Only what anybody may call begins outside of an organization, and can enter one. */
export type ReadWork<R extends Requirement = Permission> = Work<R> & (R extends "public" ? Entering : unknown)

export interface ReadContext<R extends Requirement = Permission> extends Context<R> {
  /** Runs `fn` in one read-only transaction, in the organization of the call. Returns its result. */
  readonly read: <Result>(fn: (work: ReadWork<R>) => Promise<Result>) => Promise<Result>
}

/** The context of a write is also its transaction, which will store the operation's event as well. */
export interface WriteContext<R extends Requirement = Permission> extends Context<R>, Work<R>, Entering {
  /** For changes from outside of an organization; other writes have taken its lock when they begin. */
  readonly administration: Administration
  /** Adds an event of the same transaction, written just before the operation's own. */
  readonly recordAlong: (event: CompanionEvent) => void
}

/**
 * A side effect of a write: done by another actor (the identity provider at a sign-in), or with more targets than one
 * event can name.
 */
export interface CompanionEvent {
  readonly operation: string
  readonly principal: Principal
  readonly about: About
  readonly outcome: Outcome
}

/** `append` is ingestion: it appends events of others, and leaves none of its own. */
export type Effect = "read" | "write" | "append"

type ContextOf<E extends Effect, R extends Requirement> = {
  readonly read: ReadContext<R>
  readonly write: WriteContext<R>
  readonly append: Context<R>
}[E]

/** A write, and a read that is recorded, return what their event says. */
type ResultOf<E extends Effect, Recorded extends boolean> = E extends "write"
  ? Done<unknown>
  : Recorded extends true
    ? Done<unknown>
    : unknown

type OutputOf<E extends Effect, Recorded extends boolean, Result> = E extends "write"
  ? ValueOf<Result>
  : Recorded extends true
    ? ValueOf<Result>
    : Result

type ValueOf<Result> = Result extends Done<infer Value> ? Value : never

interface Common<R extends Requirement, E extends Effect> {
  /** `resource.verb`; also the `operation` of its event, unless `eventName` is set. */
  readonly name: string
  /**
   * The `operation` of the event, where several operations are the same to readers of the log (the ways to sign in).
   */
  readonly eventName?: string
  /** One sentence for the API description. */
  readonly summary: string
  /** Required on purpose: an operation for anybody must say "public". */
  readonly permission: R
  /** Set for a dangerous operation: a person must have proven their identity within `recentProofMs`. */
  readonly recentProof?: true
  readonly effect: E
  /** Set when its input may have more values than that of others, which is 10,000. */
  readonly mostInputValues?: number
}

/** An operation as its subject writes it. */
export interface Declaration<
  R extends Requirement,
  E extends Effect,
  Recorded extends boolean,
  Input,
  Result extends ResultOf<E, Recorded>,
> extends Common<R, E> {
  readonly input: z.ZodType<Input>
  /** Set when a read leaves an event (an export). */
  readonly recorded?: Recorded
  /** What the refusal of an old proof says, where the caller is not asked for a new one: the operation then ends. */
  readonly staleProof?: (context: ReadContext<R>, input: Input) => Promise<About>
  readonly run: (context: ContextOf<E, R>, input: Input) => Promise<Result>
}

/** A declared operation: the type for adapters and the registry. Only `execute` calls its functions. */
export interface AnyOperation<Output = unknown> extends Common<Requirement, Effect> {
  readonly input: z.ZodType
  /** Whether it leaves an event of its own: a write, or a recorded read. */
  readonly recorded: boolean
  readonly staleProof?: (context: never, input: never) => Promise<About>
  readonly run: (context: never, input: never) => Promise<Happened<Output>>
}

/** The event is null when the operation leaves none. */
export interface Happened<Output> {
  readonly value: Output
  readonly event: About | null
}

/** Declares an operation. Without the permission, or a write's event, it does not compile. */
export function operation<
  const R extends Requirement,
  const E extends Effect,
  Input,
  Result extends ResultOf<E, Recorded>,
  const Recorded extends boolean = false,
>(declaration: Declaration<R, E, Recorded, Input, Result>): AnyOperation<OutputOf<E, Recorded, Result>> {
  const { run, effect, recorded = false } = declaration
  const leavesEvent = effect === "write" || recorded
  return {
    ...declaration,
    recorded: leavesEvent,
    // `Declaration` has bound the result of `run` to the effect, which TypeScript cannot follow into a function body.
    run: async (context: never, input: never) => {
      const result: unknown = await run(context, input)
      return (leavesEvent ? result : { value: result, event: null }) as Happened<
        OutputOf<E, Recorded, Result>
      >
    },
  }
}

interface FailureOptions {
  readonly about: About
  /** `denied` when the caller was refused, rather than the operation failing. */
  readonly status?: "failure" | "denied"
  readonly faults?: readonly Fault[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** An error from `run` that says what the event of its failure contains (a sign-in knows the account). */
export class OperationFailure extends AppError {
  readonly about: About
  readonly status: "failure" | "denied"

  constructor(code: ErrorCode, message: string, options: FailureOptions) {
    const { faults, retryAfterSeconds, cause } = options
    super(code, message, { faults, retryAfterSeconds, cause })
    this.about = options.about
    this.status = options.status ?? "failure"
  }
}
