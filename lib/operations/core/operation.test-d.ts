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
    const id = `${context.organization.id}${name}`
    return { value: { id }, event: { targets: [{ type: "thing", id, name }] } }
  },
})

export const silent = operation({
  name: "thing.silence",
  summary: "Writes.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input,
  // @ts-expect-error a write that does not say what happened
  run: async () => ({ id: "1" }),
})

export const eventless = operation({
  name: "thing.write_without_event",
  summary: "Writes.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input,
  // @ts-expect-error a write that leaves its event out
  run: async () => ({ value: { id: "1" } }),
})

export const recorded = operation({
  name: "thing.export",
  summary: "Reads, and leaves an event.",
  permission: "LOG-MANAGEMENT",
  effect: "read",
  recorded: true,
  input,
  run: async (_, { name }) => ({ value: { name }, event: { targets: [] } }),
})

export const unrecorded = operation({
  name: "thing.export",
  summary: "Reads, and should leave an event.",
  permission: "LOG-MANAGEMENT",
  effect: "read",
  recorded: true,
  input,
  // @ts-expect-error a recorded read that does not say what happened
  run: async (_, { name }) => ({ name }),
})

export const writing = operation({
  name: "thing.write_in_read",
  summary: "Writes in a read.",
  permission: "LOG-MANAGEMENT",
  effect: "read",
  input,
  // @ts-expect-error a read has no transaction but the read-only one of `read`
  run: async context => context.tx.query("select 1", []),
})

export const wandering = operation({
  name: "thing.wander",
  summary: "Reads elsewhere.",
  permission: "LOG-MANAGEMENT",
  effect: "read",
  input,
  // @ts-expect-error only what anybody may call enters another organization
  run: async context => context.read(work => work.enter("elsewhere")),
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
export const told: AnyOperation<{ name: string }> = recorded
export const made: AnyOperation<{ id: string }> = write
// @ts-expect-error the output of a write is not that of a read
export const mistaken: AnyOperation<{ name: string }> = write
