import type { z } from "zod"
import type { AnyOperation } from "@/lib/operations/core/operation"
import { apiSchemas } from "./openapi-events"

export type Json = Readonly<Record<string, unknown>>

/** An endpoint of the API: its operation, and the form of its input and its responses. */
export interface Endpoint {
  /** The name of the call in generated clients. */
  readonly id: string
  readonly method: "get" | "post" | "put" | "patch" | "delete"
  readonly path: string
  readonly operation: AnyOperation
  readonly description?: string
  readonly parameters?: readonly Json[]
  readonly requestBody?: Json
  readonly answers: Readonly<Record<number, Json>>
  /** A permission that is enough besides that of the operation. */
  readonly orPermission?: string
  /** Status codes of refusals besides those of every endpoint. */
  readonly refusals: readonly number[]
  /** The codes of a refusal with 409; absent: conflict. */
  readonly conflicts?: readonly ("conflict" | "locked")[]
  /** Descriptions of refusals that have a special meaning here. */
  readonly refused?: Readonly<Record<number, string>>
}

/** Returns a reference to a schema of the description. */
export const refer = (schema: z.ZodType): Json => ({
  $ref: `#/components/schemas/${apiSchemas.get(schema)?.id}`,
})
/** Returns the content of a body of one media type. */
export const content = (type: string, schema: Json): Json => ({ [type]: { schema } })
/** Returns a JSON answer. */
export const json = (description: string, schema: z.ZodType): Json => ({
  description,
  content: content("application/json", refer(schema)),
})

export const text: Json = { type: "string" }
