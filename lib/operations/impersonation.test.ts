import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { administratorRole } from "@/lib/access/directory"
import { anonymous, jobPrincipal } from "@/lib/access/principal"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { createApp } from "@/lib/operations/apps/create"
import { updateApp } from "@/lib/operations/apps/update"
import { db, platform } from "@/test/platform"
import { execute } from "./core/execute"
import type { Caller } from "./core/operation"
import { prepareOwnEvent } from "./core/own-event"
import { callerFor, callerOf, job, makeAccount, readLog, signIn } from "./fixtures/access"
import { home, setUpHome } from "./fixtures/home"
import { operations } from "./registry"
import { createSignInLink } from "./sign-in/sign-in"

setUpHome(beforeAll)

const victim = { id: randomUUID(), name: "Vera Victim", email: "vera@acme.example" }

/** Returns the actor of an event that this caller leaves, when the operation names somebody else. */
function actorOf(caller: Caller) {
  const about = { targets: [], actor: victim }
  const doing = { operation: "application.update", caller, about, outcome: { status: "success" } } as const
  return prepareOwnEvent(doing, { organizationId: home.id, builtInAppId: randomUUID() }).content.actor
}

// Nobody can act as somebody else. A test cannot prove this of future code; it proves it of all existing operations.
describe("nobody acts as another person", () => {
  test("the event of whoever is known names them as its actor, whatever the operation says of somebody else", async () => {
    const { email, personId } = await makeAccount(home)
    const person = await callerOf(platform, await signIn(email), home.slug)
    expect(actorOf(person)).toMatchObject({ type: "user", id: personId, email })
    expect(actorOf(callerFor(jobPrincipal("nightly", home)))).toMatchObject({ type: "system", id: "nightly" })
    // Only a caller without a name gets one from an operation: at a sign-in, which has proven it.
    expect(actorOf(callerFor(anonymous))).toMatchObject({ type: "user", id: victim.id })
  })

  test("a change by an administrator is written under the administrator's own name and session", async () => {
    await execute(createApp, job(home), { slug: "doors", name: "Doors" })
    const { email, personId } = await makeAccount(home, [administratorRole])
    const caller = await callerOf(platform, await signIn(email), home.slug)
    await execute(updateApp, caller, { app: "doors", name: "Gates" })
    const event = (await readLog(db, home)).at(-1)
    expect(event).toMatchObject({
      operation: "application.update",
      actor: { type: "user", id: personId, email, sessionHash: expect.any(String) },
    })
  })

  test("an administrator gets no link into somebody else's account, and a key acts under its own name", async () => {
    const { email } = await makeAccount(home)
    const administrator = await makeAccount(home, [administratorRole])
    const caller = await callerOf(platform, await signIn(administrator.email), home.slug)
    await expect(execute(createSignInLink, caller, { email })).rejects.toMatchObject({ code: "forbidden" })
    await execute(createApp, caller, { slug: "keyed", name: "Keyed" })
    const { id } = await execute(createApiKey, caller, {
      app: "keyed",
      name: "robot",
      scopes: ["LOG-INGESTION"],
      expiresAt: null,
    })
    const app = { id: randomUUID(), slug: "keyed", name: "Keyed" }
    const scope = { organizationId: home.id, appIds: [], actorId: id }
    const key = { kind: "api-key", keyId: id, name: "robot", organization: home, app, scope } as const
    expect(actorOf(callerFor({ ...key, permissions: new Set() }))).toEqual({
      type: "api_key",
      id,
      name: "robot",
    })
  })

  test("no operation that writes takes, by its name, somebody to act as", () => {
    const writing = operations.filter(each => each.effect === "write")
    const found = writing.flatMap(({ name, input }) =>
      propertiesOf(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }))
        .filter(property =>
          /^(as$|act|caller|principal|impersonat|behalf|on_?behalf|run_?as)/i.test(property),
        )
        .map(property => `${name}: ${property}`),
    )
    expect(writing.length).toBeGreaterThan(20)
    expect(found).toEqual([])
  })
})

/** Returns the names of all properties in the schema, at any depth. */
function propertiesOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return []
  const own = "properties" in schema ? Object.keys(Object(schema.properties)) : []
  return [...own, ...Object.values(schema).flatMap(propertiesOf)]
}
