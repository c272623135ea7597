import type { APIResponse } from "@playwright/test"
import { bearer } from "./api"
import { expect, test } from "./fixtures"
import type { PersonName } from "./world"

/** A sentence in each organization's log, which nobody else may read, not even a single byte. */
const secretOfGlobex = "Nobody of another organization may read this sentence"
const wordsOfAcme = ["Acme Robotics", "acme.example", "model_version.create"]

const consolePaths = [
  "/acme",
  "/acme/admin/audit-logs",
  "/acme/admin/audit-logs?status=failure",
  "/acme/admin/audit-logs/answer",
  "/acme/admin/audit-logs/answer?window=all&order=oldest",
  "/acme/admin/audit-logs/events",
  "/acme/admin/audit-logs/count",
  "/acme/admin/audit-logs/choices?field=actor",
  "/acme/admin/audit-logs/export?format=csv",
  "/acme/admin/audit-logs/export?format=jsonl",
] as const

const settingsPaths = ["/acme/admin/settings/apps", "/acme/admin/settings/apps/model-hub"] as const

/** The ways in which Next.js delivers a page's data besides its HTML. */
const variants: readonly { readonly headers: Readonly<Record<string, string>> }[] = [
  { headers: {} },
  { headers: { rsc: "1" } },
  { headers: { rsc: "1", "next-router-prefetch": "1" } },
]

async function bodyOf(response: APIResponse): Promise<string> {
  return (await response.body()).toString("utf8")
}

test("an administrator and a member with LOG-MANAGEMENT read the log", async ({ as }) => {
  for (const name of ["administrator", "reader"] as const) {
    const page = await as(name)
    await page.goto("/acme/admin/audit-logs")
    await expect(page.getByRole("heading", { name: "Audit Logs", level: 1 })).toBeVisible()
    await expect(page.getByRole("table").getByRole("row").nth(3)).toBeVisible()
    for (const path of consolePaths) {
      const response = await page.request.get(path)
      expect(response.status(), `${name} ${path}`).toBe(200)
    }
  }
})

test("a member without LOG-MANAGEMENT is told who can grant it, and receives no byte of the log", async ({
  as,
}) => {
  const page = await as("member")
  await page.goto("/acme/admin/audit-logs")
  await expect(page.getByText("LOG-MANAGEMENT")).toBeVisible()
  await expect(page.getByText("Ada Kowalska")).toBeVisible()
  for (const path of consolePaths.slice(1)) {
    for (const { headers } of variants) {
      const response = await page.request.get(path, { headers: { ...headers } })
      const body = await bodyOf(response)
      expect(body, path).not.toContain("model_version.create")
      expect(body, path).not.toContain("workflow_version")
      if (!path.includes("audit-logs/")) continue
      expect(response.status(), path).toBe(403)
      expect(response.headers()["content-type"], path).toContain("application/problem+json")
    }
  }
})

test("nobody but holders of APP-MANAGEMENT see apps and keys", async ({ as }) => {
  for (const name of ["reader", "member"] as const) {
    const page = await as(name)
    for (const path of settingsPaths) {
      const body = await bodyOf(await page.request.get(path))
      expect(body, `${name} ${path}`).toContain("APP-MANAGEMENT")
      expect(body, `${name} ${path}`).not.toContain("aud_live_")
    }
  }
})

test("another organization's administrator gets the same answer as for an organization that is not there", async ({
  as,
  world,
}) => {
  const page = await as("stranger")
  const paths = [...consolePaths, ...settingsPaths]
  for (const path of paths) {
    for (const { headers } of variants) {
      const foreign = await page.request.get(path, { headers: { ...headers } })
      const unknown = await page.request.get(path.replace("/acme", "/no-such-place"), {
        headers: { ...headers },
      })
      expect(foreign.status(), path).toBe(unknown.status())
      const body = await bodyOf(foreign)
      for (const word of wordsOfAcme) expect(body, path).not.toContain(word)
    }
    expect((await page.request.get(path)).status(), path).toBe(404)
  }
  const own = await page.request.get(`/globex/admin/audit-logs/${world.foreignEventId}`)
  expect(await bodyOf(own)).toContain(secretOfGlobex)
})

test("an event of another organization is the same 404 as one that does not exist", async ({ as, world }) => {
  const page = await as("administrator")
  const unknownId = "0193b5a6-0000-7000-8000-000000000000"
  for (const id of [world.foreignEventId, unknownId]) {
    const response = await page.request.get(`/acme/admin/audit-logs/${id}`)
    expect(response.status()).toBe(404)
    expect(await bodyOf(response)).not.toContain(secretOfGlobex)
    const api = await page.request.get(`/api/v1/events/${id}`, { headers: bearer(world.keys.reading) })
    expect(api.status()).toBe(404)
    expect(await bodyOf(api)).not.toContain(secretOfGlobex)
  }
  const answers = await Promise.all(
    [world.foreignEventId, unknownId].map(async id => {
      const api = await page.request.get(`/api/v1/events/${id}`, { headers: bearer(world.keys.reading) })
      const { requestId: _request, instance: _instance, ...problem } = await api.json()
      return problem
    }),
  )
  expect(answers[0]).toEqual(answers[1])
})

test("whoever is signed out is sent to sign in, and receives nothing else", async ({ page }) => {
  for (const path of [...consolePaths, ...settingsPaths, "/account"]) {
    for (const { headers } of variants) {
      const response = await page.request.get(path, { headers: { ...headers }, maxRedirects: 0 })
      expect([303, 307, 401, 404, 200], path).toContain(response.status())
      const body = await bodyOf(response)
      for (const word of wordsOfAcme) expect(body, path).not.toContain(word)
    }
  }
  await page.goto("/acme/admin/audit-logs?status=failure")
  await expect(page).toHaveURL(/\/sign-in\?return=/)
})

const readingPaths = [
  "/api/v1/events",
  "/api/v1/events/export?format=csv",
  "/api/v1/events/export?format=jsonl",
] as const

test("a key can do what its scopes say and nothing else", async ({ request, world }) => {
  for (const path of readingPaths) {
    const write = await request.get(path, { headers: bearer(world.keys.ingestion) })
    expect(write.status(), path).toBe(403)
    expect((await request.get(path, { headers: bearer(world.keys.reading) })).status(), path).toBe(200)
    expect((await request.get(path)).status(), path).toBe(401)
    expect((await request.get(path, { headers: bearer("aud_live_nonsense") })).status(), path).toBe(401)
    const foreign = await bodyOf(await request.get(path, { headers: bearer(world.keys.foreign) }))
    for (const word of wordsOfAcme) expect(foreign, path).not.toContain(word)
  }
  const event = { operation: "door.open", status: "success", actor: { type: "user", id: "x" } }
  const send = (key: string) => request.post("/api/v1/events", { headers: bearer(key), data: event })
  expect((await send(world.keys.reading)).status()).toBe(403)
  expect((await request.post("/api/v1/events", { data: event })).status()).toBe(401)
  const search = await request.post("/api/v1/events/search", {
    headers: bearer(world.keys.ingestion),
    data: {},
  })
  expect(search.status()).toBe(403)
})

const managing = [
  ["GET", "/api/ucp/config/logging"],
  ["PUT", "/api/ucp/config/logging"],
  ["PUT", "/api/v1/capture/policy"],
] as const

test("a key without CAPTURE-MANAGEMENT decides nothing about what is recorded; one that sends events reads the policy", async ({
  request,
  world,
}) => {
  for (const [method, path] of managing) {
    for (const key of [world.keys.ingestion, world.keys.reading, world.keys.foreign]) {
      const answer = await request.fetch(path, { method, headers: bearer(key), data: {} })
      expect(answer.status(), path).toBe(403)
    }
    expect((await request.fetch(path, { method, data: {} })).status(), path).toBe(401)
  }
  const read = (key: string) => request.get("/api/v1/capture/policy", { headers: bearer(key) })
  expect((await read(world.keys.ingestion)).status()).toBe(200)
  expect((await read(world.keys.reading)).status()).toBe(403)
})

test("a session is worth nothing to the API, and a key nothing to the console", async ({
  as,
  request,
  world,
}) => {
  const page = await as("administrator")
  expect((await page.request.get("/api/v1/events")).status()).toBe(401)
  const answer = await request.get("/acme/admin/audit-logs/events", {
    headers: bearer(world.keys.reading),
    maxRedirects: 0,
  })
  expect(answer.status()).toBe(401)
})

const openNames: readonly PersonName[] = ["administrator", "reader", "member", "stranger"]

test("every answer forbids guessing its type and, where it holds data, keeping it", async ({
  as,
  world,
  request,
}) => {
  for (const name of openNames) {
    const page = await as(name)
    const response = await page.request.get("/acme/admin/audit-logs")
    expect(response.headers()["x-content-type-options"]).toBe("nosniff")
    expect(response.headers()["content-security-policy"]).toMatch(
      /script-src [^;]*'nonce-[^']+'[^;]*'strict-dynamic'/,
    )
    expect(response.headers()["content-security-policy"]).not.toMatch(/script-src [^;]*'unsafe-inline'/)
    expect(response.headers()["cache-control"]).toContain("no-store")
  }
  const data = await request.get("/api/v1/events", { headers: bearer(world.keys.reading) })
  expect(data.headers()["cache-control"]).toBe("no-store")
  expect(data.headers()["content-type"]).toMatch(/^application\/json; charset=utf-8$/)
})
