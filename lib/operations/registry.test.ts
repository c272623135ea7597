import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { anonymous, type Principal } from "@/lib/access/principal"
import { AppError } from "@/lib/errors"
import { execute } from "./core/execute"
import { callerFor } from "./fixtures/access"
import { home, setUpHome } from "./fixtures/home"
import { operations } from "./registry"

setUpHome(beforeAll)

/** The public operations. A new one must be added here too. */
const open = [
  "api_key.describe",
  "identity.sign_in",
  "organization_member_invitation.accept",
  "organization_member_invitation.decline",
  "organization_member_invitation.find",
  "sign_in_link.redeem",
  "sign_in_link.request",
  "user_password.request_reset",
  "user_session.create",
]

/** Everybody without access: no session, no organization, no permission, no scope. */
function nobodies(): readonly Principal[] {
  const scope = { organizationId: home.id, appIds: [], actorId: null }
  const nothing = { permissions: new Set<never>(), organization: home, scope }
  const person = {
    kind: "person",
    personId: "p",
    name: "P",
    email: "p@x.example",
    sessionHash: "0".repeat(64),
    provenAt: new Date(),
  } as const
  return [
    anonymous,
    { ...person, ...nothing },
    { ...person, ...nothing, organization: null, scope: null },
    { kind: "api-key", keyId: "k", name: "K", app: { id: "a", slug: "a", name: "A" }, ...nothing },
    { kind: "job", name: "j", ...nothing },
  ]
}

describe("the registry", () => {
  test("lists every operation that is declared", () => {
    const folder = import.meta.dirname
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      name => name.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(name),
    )
    const declared = files.flatMap(name => {
      const text = readFileSync(path.join(folder, name), "utf8")
      return [...text.matchAll(/\boperation\(\{\s*name: "([^"]+)"/g)].map(match => match[1])
    })
    expect(declared.length).toBeGreaterThan(15)
    expect(operations.map(each => each.name).sort()).toEqual(declared.sort())
  })

  test("has each name once, as resource and verb, and a sentence for each", () => {
    const names = operations.map(each => each.name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, summary } of operations) {
      expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/)
      expect(summary).toMatch(/^[A-Z].*\.$/)
    }
  })

  test("opens to everybody what is known to be open, and nothing else", () => {
    const found = operations.filter(each => each.permission === "public").map(each => each.name)
    expect(found.sort()).toEqual(open)
  })

  test.each(operations.filter(each => each.permission !== "public").map(each => [each.name, each] as const))(
    "%s is refused to everybody who has nothing, before anything is read",
    async (_, each) => {
      for (const principal of nobodies()) {
        // A signed-in caller may call operations that need nothing more.
        if (each.permission === "signed-in" && principal.kind === "person") continue
        const call = execute(each, callerFor(principal), () => {
          throw new Error("the input was read")
        })
        const error = await call.then(
          () => null,
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(AppError)
        const expected = principal.kind === "anonymous" ? "unauthenticated" : "forbidden"
        expect(error instanceof AppError && error.code).toBe(expected)
      }
    },
  )

  test("has an event for every write, and ingestion leaves none of its own", () => {
    for (const each of operations) {
      if (each.effect === "write") expect([each.name, each.recorded]).toEqual([each.name, true])
      if (each.effect === "append") expect([each.name, each.recorded]).toEqual([each.name, false])
    }
  })
})
