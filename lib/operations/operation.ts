import type { z } from "zod"
import type { Permission } from "@/lib/access/permissions"
import type { OrganizationRef, Principal } from "@/lib/access/principal"
import type { Change, Source, Status, Target } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Scope } from "@/lib/audit/query/selection"
import type { PrismaTransaction, Tx } from "@/lib/db"
import { AppError, type ErrorCode, type Fault } from "@/lib/errors"

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

/** What `run` may use. A requirement that is a permission guarantees the organization and the scope. */
export interface ReadContext<R extends Requirement = Permission> {
  readonly caller: Caller
  readonly organization: R extends Permission ? OrganizationRef : OrganizationRef | null
  readonly scope: R extends Permission ? Scope : Scope | null
  /** Appends one more event of this operation by this caller: for work that ends after the response began. */
  readonly record: (about: About, outcome: Outcome) => Promise<void>
}

/** The outcome in the event. */
export interface Outcome {
  readonly status: Status
  /** The reason of a failure, for readers of the log. */
  readonly statusMessage?: string
}

/** The same, inside the transaction that will also store the operation's event. */
export interface WriteContext<R extends Requirement = Requirement> extends ReadContext<R> {
  readonly prisma: PrismaTransaction
  readonly tx: Tx
  /**
   * From here on the transaction acts for this organization. For operations that begin outside of one (accepting an
   * invitation) or create one; `organizationIds` of the event still decide where it is written.
   */
  readonly enter: (organizationId: string) => Promise<void>
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

interface Common<Name extends string, R extends Requirement, Input> {
  /** `resource.verb`; also the `operation` of its event, unless `eventName` is set. */
  readonly name: Name
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
  /** What the refusal of an old proof says, where the caller is not asked for a new one: the operation then ends. */
  readonly staleProof?: (caller: Caller, input: Input) => Promise<About>
  readonly input: z.ZodType<Input>
}

export interface ReadOperation<Name extends string, R extends Requirement, Input, Output>
  extends Common<Name, R, Input> {
  readonly effect: "read"
  readonly run: (context: ReadContext<R>, input: Input) => Promise<Output>
  /** Set when the read itself leaves an event (an export). */
  readonly about?: (input: Input, output: Output) => About
}

export interface WriteOperation<Name extends string, R extends Requirement, Input, Output>
  extends Common<Name, R, Input> {
  readonly effect: "write"
  readonly run: (context: WriteContext<R>, input: Input) => Promise<Output>
  readonly about: (input: Input, output: Output) => About
}

/** Ingestion: it appends events of others, and leaves none of its own. */
export interface AppendOperation<Name extends string, R extends Requirement, Input, Output>
  extends Common<Name, R, Input> {
  readonly effect: "append"
  readonly run: (context: ReadContext<R>, input: Input) => Promise<Output>
}

/** Any operation whose input and output are known. */
export type Operation<Input, Output, Name extends string = string, R extends Requirement = Requirement> =
  | ReadOperation<Name, R, Input, Output>
  | WriteOperation<Name, R, Input, Output>
  | AppendOperation<Name, R, Input, Output>

/** Any operation: the type for adapters and the registry. Only `execute` calls its functions. */
export interface AnyOperation<Output = unknown> {
  readonly name: string
  readonly eventName?: string
  readonly summary: string
  readonly permission: Requirement
  readonly recentProof?: true
  readonly staleProof?: (caller: Caller, input: never) => Promise<About>
  readonly effect: "read" | "write" | "append"
  readonly input: z.ZodType
  readonly run: (context: never, input: never) => Promise<Output>
  readonly about?: (input: never, output: never) => About
}

/** Declares an operation. Without the permission, or a write's event, it does not compile. */
export function operation<const Name extends string, const R extends Requirement, Input, Output>(
  declaration: Operation<Input, Output, Name, R>,
): Operation<Input, Output, Name, R> {
  return declaration
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
