import { readdirSync } from "node:fs"
import path from "node:path"
import type { APIRequestContext } from "@playwright/test"
import { expandPermissions, type Permission, permissions } from "@/lib/access/permissions"
import { bearer, sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { expectNoLeak } from "./leaks"
import { arrive, arriveWith, suspend } from "./narrow-people"
import { adminText } from "./world"

const root = path.resolve(import.meta.dirname, "..")

/**
 * Who may use a file of app/. `session` and `key`: the permission that it requires, "member" when membership of the
 * organization is enough, "signed-in" when a session is. `or`: another permission that is enough. `answer`: the status of a
 * permitted request, whose body is `{}`; 200 by default. `public`: anybody. `elsewhere`: tested by another spec.
 */
type Entrance =
  | { readonly session: Permission | "member" | "signed-in" }
  | {
      readonly key: Permission | "any"
      readonly or?: Permission
      readonly method?: "POST" | "DELETE"
      readonly answer?: number
    }
  | { readonly public: true }
  | { readonly elsewhere: string }

const organization = "(console)/[organization]"
const logs = `${organization}/admin/audit-logs`
const settings = `${organization}/admin/settings`
const control = `${settings}/access-control`

/** Every entry point, by its file. A page or a route that is not listed fails the first test below. */
const entrances: Readonly<Record<string, Entrance>> = {
  "page.tsx": { session: "signed-in" },
  "(auth)/sign-in/page.tsx": { elsewhere: "sign-in.spec.ts" },
  "(auth)/sign-in/continue/page.tsx": { elsewhere: "sign-in.spec.ts" },
  "(auth)/sign-in/link/page.tsx": { elsewhere: "sign-in.spec.ts" },
  "(auth)/sign-in/e-mail/page.tsx": { elsewhere: "sign-in-by-mail.spec.ts" },
  "(auth)/sign-in/reset/page.tsx": { elsewhere: "sign-in-by-mail.spec.ts" },
  "(auth)/invitations/page.tsx": { elsewhere: "invitations.spec.ts" },
  "(auth)/invitations/[token]/page.tsx": { elsewhere: "invitations.spec.ts" },
  "(mail)/mail/[key]/page.tsx": { elsewhere: "mail.spec.ts" },
  "(mail)/mail/[key]/[mail]/page.tsx": { elsewhere: "mail.spec.ts" },
  "(console)/account/page.tsx": { session: "signed-in" },
  "(console)/account/session/route.ts": { session: "signed-in" },
  [`${organization}/page.tsx`]: { session: "member" },
  [`${logs}/(log)/page.tsx`]: { session: "LOG-OWN" },
  [`${logs}/[event]/page.tsx`]: { session: "LOG-OWN" },
  [`${logs}/answer/route.ts`]: { session: "LOG-OWN" },
  [`${logs}/choices/route.ts`]: { session: "LOG-OWN" },
  [`${logs}/count/route.ts`]: { session: "LOG-OWN" },
  [`${logs}/events/route.ts`]: { session: "LOG-OWN" },
  [`${logs}/events/[event]/route.ts`]: { session: "LOG-OWN" },
  [`${logs}/export/route.ts`]: { session: "LOG-EXPORT" },
  [`${organization}/admin/page.tsx`]: { session: "member" },
  [`${settings}/page.tsx`]: { session: "member" },
  [`${settings}/apps/page.tsx`]: { session: "APP-MANAGEMENT" },
  [`${settings}/apps/[app]/page.tsx`]: { session: "APP-MANAGEMENT" },
  [`${control}/page.tsx`]: { session: "member" },
  [`${control}/roles/page.tsx`]: { session: "ROLE-MANAGEMENT" },
  [`${control}/roles/[role]/page.tsx`]: { session: "ROLE-MANAGEMENT" },
  [`${control}/groups/page.tsx`]: { session: "ROLE-MANAGEMENT" },
  [`${control}/groups/[group]/page.tsx`]: { session: "ROLE-MANAGEMENT" },
  [`${control}/members/page.tsx`]: { session: "MEMBER-MANAGEMENT" },
  [`${control}/members/[person]/page.tsx`]: { session: "MEMBER-MANAGEMENT" },
  [`${control}/invitations/page.tsx`]: { session: "MEMBER-MANAGEMENT" },
  [`${settings}/capture/page.tsx`]: { session: "CAPTURE-MANAGEMENT" },
  [`${settings}/capture/producers/page.tsx`]: { session: "CAPTURE-MANAGEMENT" },
  [`${settings}/capture/history/page.tsx`]: { session: "CAPTURE-MANAGEMENT" },
  [`${settings}/sinks/(list)/page.tsx`]: { session: "SINK-MANAGEMENT" },
  [`${settings}/sinks/new/page.tsx`]: { session: "SINK-MANAGEMENT" },
  [`${settings}/sinks/[sink]/page.tsx`]: { session: "SINK-MANAGEMENT" },
  [`${settings}/sinks/[sink]/deliveries/page.tsx`]: { session: "SINK-MANAGEMENT" },
  [`${settings}/sinks/[sink]/dead-letters/page.tsx`]: { session: "SINK-MANAGEMENT" },
  [`${settings}/sinks/[sink]/edit/page.tsx`]: { session: "SINK-MANAGEMENT" },
  [`${settings}/organization/page.tsx`]: { session: "ORGANIZATION-MANAGEMENT" },
  [`${settings}/organization/support-dump/route.ts`]: { elsewhere: "support-dump.spec.ts" },
  "api/[[...unknown]]/route.ts": { elsewhere: "entrances.spec.ts" },
  "api/auth/[...nextauth]/route.ts": { elsewhere: "entrances.spec.ts" },
  "api/build/route.ts": { public: true },
  "api/health/route.ts": { public: true },
  "api/v1/openapi.json/route.ts": { public: true },
  "api/v1/key/route.ts": { key: "any" },
  "api/v1/events/route.ts": { key: "LOG-OWN" },
  "api/v1/events/[id]/route.ts": { key: "LOG-OWN" },
  "api/v1/events/export/route.ts": { key: "LOG-EXPORT" },
  "api/v1/events/search/route.ts": { key: "LOG-OWN", method: "POST" },
  "api/v1/capture/policy/route.ts": { key: "CAPTURE-MANAGEMENT", or: "LOG-INGESTION" },
  "api/v1/capture/counts/route.ts": { key: "LOG-INGESTION", method: "POST", answer: 422 },
  "api/ucp/config/logging/route.ts": { key: "CAPTURE-MANAGEMENT" },
  "v2/[[...unknown]]/route.ts": { elsewhere: "entrances.spec.ts" },
  "v2/users/[user]/audit_log/searches/route.ts": { key: "LOG-OWN", method: "POST" },
  "api/metrics/route.ts": { elsewhere: "entrances.spec.ts" },
  "api/v1/sinks/route.ts": { key: "SINK-MANAGEMENT" },
  "api/v1/sinks/kinds/route.ts": { key: "SINK-MANAGEMENT" },
  "api/v1/sinks/test/route.ts": { key: "SINK-MANAGEMENT", method: "POST", answer: 422 },
  "api/v1/sinks/[id]/route.ts": { key: "SINK-MANAGEMENT" },
  "api/v1/sinks/[id]/deliveries/route.ts": { key: "SINK-MANAGEMENT" },
  "api/v1/sinks/[id]/dead-letters/route.ts": { key: "SINK-MANAGEMENT" },
  "api/v1/sinks/[id]/dead-letters/retry/route.ts": { key: "SINK-MANAGEMENT", method: "POST" },
  "api/v1/sinks/[id]/range/route.ts": { key: "SINK-MANAGEMENT", answer: 422 },
  "api/v1/sinks/[id]/pause/route.ts": { key: "SINK-MANAGEMENT", method: "POST" },
  "api/v1/sinks/[id]/resume/route.ts": { key: "SINK-MANAGEMENT", method: "POST" },
  "api/v1/sinks/[id]/test/route.ts": { key: "SINK-MANAGEMENT", method: "POST" },
  "api/v1/sinks/[id]/replays/route.ts": { key: "SINK-MANAGEMENT", method: "POST", answer: 422 },
  "api/v1/sinks/[id]/replays/[replayId]/route.ts": { key: "SINK-MANAGEMENT", method: "DELETE" },
}

const unknownId = "0193b5a6-0000-7000-8000-000000000000"

/** The url of a file, with a value for every dynamic segment; the event is one that exists. */
function addressOf(file: string, eventId: string): string {
  const address = `/${path.dirname(file)}`
    .replace(/\/\([^)]*\)/g, "")
    .replace(/^\/\.$/, "/")
    .replace("[organization]", "acme")
    .replace("[app]", "sandbox")
    .replace(/\[(event|id)\]/, eventId)
    .replace(/\[[^\]]*\]/g, unknownId)
  return address.endsWith("/choices") ? `${address}?field=actor` : address
}

const isPage = (file: string) => path.basename(file) === "page.tsx"
const refusal = "You do not have access to this page"

interface Visitor {
  readonly who: string
  readonly request: APIRequestContext
  readonly held: readonly Permission[]
  /** `outside`: not a member of acme. `signed-out`: no session at all. */
  readonly place: "inside" | "outside" | "signed-out"
}

/** What acme's pages contain and nobody outside may see. */
const protectedWords = ["acme.example", "Acme Robotics", "model_version.create", "a sentence of the sandbox"]

async function visit({ who, request, held, place }: Visitor, file: string, eventId: string): Promise<void> {
  const entrance = entrances[file]
  if (!entrance || !("session" in entrance)) return
  const address = addressOf(file, eventId)
  const answer = await request.get(address, { maxRedirects: 0 })
  const [status, body] = [answer.status(), await answer.text()]
  const said = `${who} at ${address}: ${status} ${body.slice(0, 160)}`
  const inOrganization = address.startsWith("/acme")
  const { session } = entrance
  const isPermitted = session === "member" || session === "signed-in" || expandPermissions(held).has(session)
  if (place === "signed-out") {
    if (isPage(file)) {
      expect(status === 307 ? answer.headers().location : body, said).toMatch(/\/sign-in/)
    } else expect(status, said).toBe(401)
  } else if (place === "outside" && inOrganization) expect(status, said).toBe(404)
  else if (isPermitted) {
    expect([401, 403, 500, 503], said).not.toContain(status)
    expect(body, said).not.toContain(refusal)
  } else if (isPage(file)) expect(body, said).toContain(refusal)
  else expect(status, said).toBe(403)
  if (isPermitted && place === "inside") return
  if (!inOrganization && place !== "signed-out") return
  // People without a permission see whom to ask: name and email, and nothing more.
  const words = place === "inside" ? protectedWords.slice(2) : protectedWords
  for (const word of words) expect(body, said).not.toContain(word)
  if (status >= 400) expectNoLeak(body)
}

test("every page and route is listed with who may enter", () => {
  const files = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  const found = files.filter(file => ["page.tsx", "route.ts"].includes(path.basename(file)))
  expect(found.sort()).toEqual(Object.keys(entrances).sort())
})

test("every page and every data route of the console, for everybody", async ({
  as,
  another,
  playwright,
  baseURL,
  request,
  world,
}) => {
  const [sent] = await sendEvents(request, world.keys.ingestion, [
    {
      operation: "door.open",
      status: "success",
      actor: { type: "user", id: "x" },
      description: "a sentence of the sandbox",
    },
  ])
  const eventId = sent?.id ?? unknownId
  const contextOf = async (name: "administrator" | "reader" | "member" | "stranger") =>
    (await as(name)).request
  const limited = await arriveWith(another, permissions, ["sandbox"])
  const elsewhere = await arriveWith(another, ["LOG-MANAGEMENT"], ["model-hub"])
  const own = await arriveWith(another, ["LOG-OWN"])
  const managers = []
  for (const permission of permissions.filter(one => /^(APP|ROLE|MEMBER|ORGANIZATION|CAPTURE)-/.test(one))) {
    managers.push({ permission, ...(await arriveWith(another, [permission])) })
  }
  const suspended = await arrive(another, "Organization Administrator")
  await suspend(suspended.person)
  const nobody = await playwright.request.newContext({ baseURL })
  const inside = { place: "inside" } as const
  const visitors: readonly Visitor[] = [
    { who: "administrator", request: await contextOf("administrator"), held: permissions, ...inside },
    { who: "Auditor", request: await contextOf("reader"), held: ["LOG-MANAGEMENT"], ...inside },
    { who: "Member", request: await contextOf("member"), held: [], ...inside },
    { who: "limited to one app", request: limited.context.request, held: ["LOG-MANAGEMENT"], ...inside },
    { who: "with LOG-OWN", request: own.context.request, held: ["LOG-OWN"], ...inside },
    ...managers.map(({ permission, context }) => ({
      who: `with ${permission}`,
      request: context.request,
      held: [permission],
      ...inside,
    })),
    { who: "suspended", request: suspended.context.request, held: [], place: "outside" },
    { who: "stranger", request: await contextOf("stranger"), held: permissions, place: "outside" },
    { who: "nobody", request: nobody, held: [], place: "signed-out" },
  ]
  for (const visitor of visitors) {
    for (const file of Object.keys(entrances)) await visit(visitor, file, eventId)
  }

  // What a Scope excludes gives the same 404 as what does not exist, and appears in no list.
  for (const { context } of [elsewhere, own]) {
    for (const address of [`/acme/admin/audit-logs/${eventId}`, `/acme/admin/audit-logs/events/${eventId}`]) {
      expect((await context.request.get(address)).status(), address).toBe(404)
    }
    for (const part of [
      "events?window=all",
      "choices?field=operation&typed=door",
      "choices?field=actor&typed=x",
    ]) {
      const body = await (await context.request.get(`/acme/admin/audit-logs/${part}`)).text()
      expect(body, part).not.toContain("door.open")
      expect(body, part).not.toContain("a sentence of the sandbox")
    }
  }
  const seen = await (await limited.context.request.get("/acme/admin/audit-logs?window=all")).text()
  expect(seen).toContain("a sentence of the sandbox")
  expect(seen).not.toContain("model_version.create")
  await nobody.dispose()
})

test("every address of the API, for keys of each scope, of another organization, and without a key", async ({
  as,
  request,
  world,
}) => {
  const make = (scopes: readonly Permission[]) =>
    adminText(
      "key",
      ...["key", "create", "--organization", "acme", "--app", "sandbox", "--name", "matrix"],
      ...scopes.flatMap(scope => ["--scope", scope]),
    )
  const keys: { scopes: readonly Permission[]; key: string }[] = []
  for (const scope of permissions) {
    // A sink sends the whole log, which its manager must be allowed to see.
    const scopes: readonly Permission[] = scope === "SINK-MANAGEMENT" ? [scope, "LOG-MANAGEMENT"] : [scope]
    keys.push({ scopes, key: await make(scopes) })
  }
  const administrator = (await as("administrator")).request
  for (const [file, entrance] of Object.entries(entrances)) {
    const address = addressOf(file, unknownId)
    if ("public" in entrance) expect((await request.get(address)).status(), address).toBe(200)
    if (!("key" in entrance)) continue
    const ask = (by: APIRequestContext, key: string | null) =>
      by.fetch(address, {
        method: entrance.method ?? "GET",
        headers: key === null ? {} : { ...bearer(key) },
        ...(entrance.method && { data: {} }),
      })
    expect((await ask(request, null)).status(), address).toBe(401)
    // A session is not accepted here.
    expect((await ask(administrator, null)).status(), address).toBe(401)
    for (const { scopes, key } of keys) {
      const answer = await ask(request, key)
      const held = expandPermissions(scopes)
      const isPermitted =
        entrance.key === "any" ||
        held.has(entrance.key) ||
        (entrance.or !== undefined && held.has(entrance.or))
      const permitted = entrance.answer ?? (address.includes(unknownId) ? 404 : 200)
      expect(answer.status(), `${scopes.join(", ")} at ${address}`).toBe(isPermitted ? permitted : 403)
    }
    const foreign = await ask(request, world.keys.foreign)
    // Somebody may belong to both, with an email of one: the names of people are not searched for here.
    for (const word of protectedWords.slice(1)) expect(await foreign.text(), address).not.toContain(word)
  }
  const event = { operation: "door.open", status: "success", actor: { type: "user", id: "x" } }
  for (const { scopes, key } of keys) {
    const answer = await request.post("/api/v1/events", { headers: bearer(key), data: event })
    expect(answer.status(), scopes.join(", ")).toBe(scopes.includes("LOG-INGESTION") ? 201 : 403)
  }
})
