import { z } from "zod"
import { type AnyOperation, operation } from "./operation"

const input = z.strictObject({ name: z.string() })

export const read = operation({
  name: "thing.read",
  summary: "Reads.",
  permission: "LOG-MANAGEMENT",
  effect: "read",
  input,
  run: async (context, { name }) => ({ name, of: context.organization.id, scope: context.scope.appIds }),
})

export const open = operation({
  name: "thing.open",
  summary: "Reads.",
  permission: "public",
  effect: "read",
  input,
  // @ts-expect-error a public operation may be called outside every organization
  run: async context => context.organization.id,
})

export const write = operation({
  name: "thing.write",
  summary: "Writes.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input,
  run: async (context, { name }) => {
    await context.tx.query("select 1", [])
    return { id: `${context.organization.id}${name}` }
  },
  about: (given, made) => ({ targets: [{ type: "thing", id: made.id, name: given.name }] }),
})

// @ts-expect-error a write that does not say what it is about
export const silent = operation({
  name: "thing.silence",
  summary: "Writes.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input,
  run: async () => ({ id: "1" }),
})

// @ts-expect-error no permission is no declaration
export const unguarded = operation({
  name: "thing.unguarded",
  summary: "Reads.",
  effect: "read",
  input,
  run: async () => null,
})

export const misspelt = operation({
  name: "thing.misspelt",
  summary: "Reads.",
  // @ts-expect-error not in the catalogue
  permission: "LOG-MANAGMENT",
  effect: "read",
  input,
  run: async () => null,
})

// Adapters accept every kind of operation, and know the type of its output.
export const all: readonly AnyOperation[] = [read, open, write]
export const named: AnyOperation<{ name: string }> = read
// @ts-expect-error the output of a write is not that of a read
export const mistaken: AnyOperation<{ name: string }> = write
