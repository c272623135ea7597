import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { anEvent, readLog, type Tenant } from "@/app/api/fixtures/api"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import type { Permission } from "@/lib/access/permissions"
import { jobPrincipal } from "@/lib/access/principal"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { revokeApiKey } from "@/lib/operations/api-keys/revoke"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { startTransports, type Transport, type Transports } from "@/test/rpc/transports"

let both: Transports
let tenant: Tenant
let other: Tenant
beforeAll(async () => {
  both = await startTransports()
  tenant = both.api.tenant
  other = await both.api.makeTenant()
  for (const { key } of [tenant, other]) {
    const body = JSON.stringify([anEvent(), anEvent()])
    expect((await both.api.call("POST", "/api/v1/events", { key, body })).status).toBe(201)
  }
})
afterAll(() => both?.close())

const callerOf = ({ organization }: Tenant): Caller => ({
  principal: jobPrincipal("test", organization),
  source: undefined,
  requestId: "test",
  at: new Date(),
})

function make(scopes: readonly Permission[], more: { allowedNetworks?: string[] } = {}) {
  const input = { app: "billing", name: "walk", scopes, expiresAt: null, ...more }
  return execute(createApiKey, callerOf(tenant), input)
}

describe.each([
  ["HTTP", () => both.http],
  ["gRPC", () => both.grpc],
] as readonly [string, () => Transport][])("over %s", (_, transport) => {
  const ask = (asked: Parameters<Transport["search"]>[0]) => transport().search(asked)

  test("a key with LOG-MANAGEMENT sees its organization, by me, slug and id, with Key and Bearer", async () => {
    const { id, slug } = tenant.organization
    for (const user of ["me", slug, id]) {
      for (const scheme of ["Key", "Bearer", "key"]) {
        const said = await ask({ key: tenant.key, user, scheme })
        expect(said.code, `${user} ${scheme}`).toBe(10_000)
        expect(said.entries.length).toBeGreaterThanOrEqual(2)
      }
    }
  })

  test("another organization is as unknown as one that is not there", async () => {
    const answers = []
    for (const user of [other.organization.slug, other.organization.id, "nobody", "", "ME"]) {
      const { code, description, entries } = await ask({ key: tenant.key, user })
      answers.push(JSON.stringify([code, description.replaceAll(user, "it"), entries]))
    }
    expect(new Set(answers.slice(0, 3)).size).toBe(1)
    expect(answers.map(answer => JSON.parse(answer)[0])).toEqual(Array(5).fill(11_101))
  })

  test("without a key it is 11002", async () => {
    expect(await ask({ key: null })).toMatchObject({ code: 11_002, entries: [] })
  })

  test("an unknown, malformed, revoked or foreign-network key is one answer: 11009", async () => {
    const revoked = await make(["LOG-MANAGEMENT"])
    await execute(revokeApiKey, callerOf(tenant), { id: revoked.id })
    const bound = await make(["LOG-MANAGEMENT"], { allowedNetworks: ["203.0.113.0/24"] })
    const answers = []
    for (const key of [makeApiKey(randomBytes).key, "aud_live_x", "PAT", revoked.key, bound.key]) {
      const { code, description, text } = await ask({ key })
      answers.push([code, description])
      expect(text).not.toContain(key.slice(0, 20))
    }
    expect(new Set(answers.map(String)).size).toBe(1)
    expect(answers[0]?.[0]).toBe(11_009)
    expect(await ask({ key: bound.key, ip: "203.0.113.9" })).toMatchObject({ code: 10_000 })
  })

  test("a known key that lacks the permission is 11007, and leaves an event", async () => {
    const { key, id } = await make(["LOG-INGESTION"])
    expect(await ask({ key })).toMatchObject({ code: 11_007, entries: [] })
    const log = await readLog(both.api, tenant.organization)
    const refused = log.filter(event => event.status === "denied" && event.actor.id === id)
    expect(refused).toMatchObject([{ source: { ip: "198.51.100.7" }, metadata: { owasp: "authz_fail" } }])
  })

  test("a key with LOG-OWN alone sees its own actions only", async () => {
    const { key, id } = await make(["LOG-OWN"])
    expect(await ask({ key })).toMatchObject({ code: 10_000, entries: [] })
    const own = anEvent({ actor: { type: "api_key", id }, occurredAt: "2026-11-20T10:00:00Z" })
    await both.api.call("POST", "/api/v1/events", { body: JSON.stringify([own]) })
    const { entries } = await ask({ key })
    expect(entries.map(({ user }) => user)).toMatchObject([{ id }])
  })
})
