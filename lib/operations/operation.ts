import type { z } from "zod"
import type { Permission } from "@/lib/access/permissions"
import type { OrganizationRef, Principal } from "@/lib/access/principal"
import type { Change, Source, Target } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Scope } from "@/lib/audit/query/query"
import type { PrismaTransaction, Tx } from "@/lib/db"

/** Who calls, from where, as part of which request, and when. */
export interface Caller {
  readonly principal: Principal
  readonly source: Source | undefined
  readonly requestId: string
  readonly at: Date
}

/** `public`: anybody. `signed-in`: any person, of any organization or none. Else the permission held in the organization. */
export type Requirement = Permission | "public" | "signed-in"

/** What the event of an operation says beside who, when, from where and with which outcome. */
export interface About {
  readonly targets: readonly Target[]
  readonly description?: string
  readonly details?: readonly string[]
  readonly changes?: readonly Change[]
  readonly metadata?: JsonObject
  /** The logs to write to, when the caller is in no organization (a sign-in goes to each one of the person). */
  readonly organizationIds?: readonly string[]
  /** The actor, when the caller did not have a name yet (a sign-in). */
  readonly actor?: { readonly id: string; readonly name?: string; readonly email?: string }
}

/** What a run may use. `organization` and `scope` are there when the requirement is a permission. */
export interface ReadContext {
  readonly caller: Caller
  readonly organization: OrganizationRef
  readonly scope: Scope
}

/** The same, inside the transaction that will also hold the operation's event. */
export interface WriteContext {
  readonly caller: Caller
  /** Null for `public` and `signed-in` operations called outside an organization. */
  readonly organization: OrganizationRef | null
  readonly scope: Scope | null
  readonly prisma: PrismaTransaction
  readonly tx: Tx
}

interface Common<Name extends string, Input> {
  /** `resource.verb`; it is also the `operation` of the event that the operation leaves. */
  readonly name: Name
  /** One sentence for the API's description. */
  readonly summary: string
  /** Required on purpose: an operation that anybody may call says "public" aloud. */
  readonly permission: Requirement
  readonly input: z.ZodType<Input>
}

export interface ReadOperation<Name extends string, Input, Output> extends Common<Name, Input> {
  readonly effect: "read"
  readonly run: (context: ReadContext, input: Input) => Promise<Output>
  /** Given when the reading itself is worth an event (an export). */
  readonly about?: (input: Input, output: Output) => About
}

export interface WriteOperation<Name extends string, Input, Output> extends Common<Name, Input> {
  readonly effect: "write"
  readonly run: (context: WriteContext, input: Input) => Promise<Output>
  readonly about: (input: Input, output: Output) => About
}

/** Ingestion: it appends other people's events, and leaves none of its own. */
export interface AppendOperation<Name extends string, Input, Output> extends Common<Name, Input> {
  readonly effect: "append"
  readonly run: (context: ReadContext, input: Input) => Promise<Output>
}

export type Operation<Name extends string = string, Input = never, Output = unknown> =
  | ReadOperation<Name, Input, Output>
  | WriteOperation<Name, Input, Output>
  | AppendOperation<Name, Input, Output>

/** Declares a capability. Leaving out the permission, or what a write is about, does not compile. */
export function operation<Name extends string, Input, Output, O extends Operation<Name, Input, Output>>(
  declaration: O & Operation<Name, Input, Output>,
): O {
  return declaration
}
