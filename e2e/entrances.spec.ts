import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "./fixtures"
import { expectNoLeak } from "./leaks"

const root = path.resolve(import.meta.dirname, "..")

/** The routes that respond without a session or a key. Additions must be deliberate. */
const publicRoutes: readonly string[] = [
  "/api/auth/csrf",
  "/api/build",
  "/api/health",
  // Only a direct connection from the same machine, as here, when METRICS_TOKEN is not set.
  "/api/metrics",
  "/api/v1/openapi.json",
]
const publicActions: readonly string[] = [
  "acceptInvitationAction",
  "declineInvitationAction",
  "rememberInvitationAction",
  "redeemLinkAction",
  "requestSignInLinkAction",
  "requestPasswordResetAction",
]

/** The url of a file under app/, with a value for every dynamic segment. */
function addressOf(file: string): string {
  return `/${path.dirname(file)}`
    .replace(/\/\([^)]*\)/g, "")
    .replace("[organization]", "acme")
    .replace("[app]", "sandbox")
    .replace("[token]", "an-invitation-that-nobody-sent")
    .replace("[role]", "0193b5a6-0000-7000-8000-000000000000")
    .replace("[person]", "0193b5a6-0000-7000-8000-000000000000")
    .replace("[group]", "0193b5a6-0000-7000-8000-000000000000")
    .replace("[sink]", "0193b5a6-0000-7000-8000-000000000000")
    .replace("[replayId]", "0193b5a6-0000-7000-8000-000000000000")
    .replace(/\[(event|id)\]/, "0193b5a6-0000-7000-8000-000000000000")
    .replace("[user]", "me")
    .replace("[...nextauth]", "csrf")
    .replace("/[[...unknown]]", "/unknown")
}

function filesNamed(name: string): readonly string[] {
  const files = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  return files.filter(file => path.basename(file) === name)
}

test("every address that a file answers refuses whoever has neither session nor key, except those known to be open", async ({
  request,
}) => {
  const addresses = filesNamed("route.ts").map(addressOf)
  expect(addresses.length).toBeGreaterThan(10)
  for (const address of addresses) {
    const isPublic = publicRoutes.includes(address)
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await request.fetch(address, { method, maxRedirects: 0 })
      const body = await answer.text()
      const said = `${method} ${address}: ${answer.status()} ${body.slice(0, 200)}`
      if (isPublic && method === "GET") expect(answer.status(), said).toBe(200)
      else expect(answer.status(), said).toBeGreaterThanOrEqual(400)
      expect(answer.status(), said).not.toBe(500)
      expectNoLeak(body)
      expect(body, said).not.toContain("acme.example")
    }
  }
})

test("every page leads whoever is signed out to the sign-in page, except that page itself, invitations and caught mail", async ({
  request,
}) => {
  const addresses = filesNamed("page.tsx").map(addressOf)
  expect(addresses.length).toBeGreaterThan(5)
  for (const address of addresses) {
    const answer = await request.get(address, { maxRedirects: 0 })
    const body = await answer.text()
    // Caught mail needs the key of this installation instead of a session, an invitation its link.
    if (/^\/(mail\/|invitations)/.test(address)) expect(answer.status(), address).toBe(404)
    else if (address.startsWith("/sign-in")) expect(answer.status(), address).toBe(200)
    else if (answer.status() === 307) expect(answer.headers().location, address).toMatch(/^\/sign-in/)
    // A page that had begun its response before it knew contains a redirect.
    else expect(body, address).toMatch(/NEXT_REDIRECT[^"]*\/sign-in|url=\/sign-in/)
    expect(body, address).not.toContain("acme.example")
  }
})

interface ServerAction {
  readonly id: string
  readonly name: string
  readonly address: string
}

/** Every server action of the build, with a page that uses it. */
function serverActions(): readonly ServerAction[] {
  const file = path.join(root, ".next/server/server-reference-manifest.json")
  // The one cast: a file of the build.
  const { node } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly node: Readonly<
      Record<string, { readonly workers: Readonly<Record<string, unknown>>; readonly exportedName?: string }>
    >
  }
  return Object.entries(node).map(([id, { workers, exportedName = "" }]) => {
    const [page = ""] = Object.keys(workers)
    return { id, name: exportedName, address: addressOf(page.replace(/^app\//, "")) }
  })
}

/** The steps of the flow through the OpenID provider, which need no session, and what protects each of them. */
const providerEntrances = [
  // The token of one of our pages, and its origin.
  { method: "POST", address: "/api/auth/signin/openid-connect", refused: 403 },
  // State, PKCE and nonce in cookies of the browser that began: without them it leads back to the sign-in page.
  { method: "GET", address: "/api/auth/callback/openid-connect?code=x&state=x", refused: 302 },
] as const

test("the ways through the OpenID provider sign nobody in who did not begin them here", async ({
  request,
}) => {
  for (const { method, address, refused } of providerEntrances) {
    const answer = await request.fetch(address, {
      method,
      maxRedirects: 0,
      ...(method === "POST" && { form: { csrfToken: "x" }, headers: { origin: "https://evil.example" } }),
    })
    expect(answer.status(), address).toBe(refused)
    if (refused === 302) expect(answer.headers().location, address).toMatch(/\/sign-in\?refused=expired$/)
    expect(answer.headers()["set-cookie"] ?? "", address).not.toContain("auditorium.session=ey")
  }
})

test("every server action refuses whoever is signed out, except those that redeem a link", async ({
  request,
  baseURL,
}) => {
  const actions = serverActions()
  expect(actions.length).toBeGreaterThan(5)
  for (const { id, name, address } of actions) {
    const answer = await request.post(address, {
      headers: { "next-action": id, "content-type": "text/plain;charset=UTF-8", origin: baseURL ?? "" },
      data: '["acme",{}]',
      maxRedirects: 0,
    })
    const body = await answer.text()
    const said = `${name} at ${address}: ${answer.status()} ${body.slice(0, 300)}`
    expectNoLeak(body)
    if (publicActions.includes(name)) {
      expect(body, said).toContain('"ok":false')
      continue
    }
    // Signing out without a session succeeds already; everything else needs one.
    if (/^signOut/.test(name)) expect(body, said).toContain('"ok":true,"value":null')
    else expect(body, said).toContain('"code":"unauthenticated"')
  }
})
