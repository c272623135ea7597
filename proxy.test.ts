import * as fs from "node:fs"
import * as path from "node:path"
import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { config, contentSecurityPolicy, proxy } from "./proxy"

/** The paths of all pages, with their dynamic segments in brackets. */
function pagesOf(root: string): readonly string[] {
  return fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter(file => path.basename(file) === "page.tsx")
    .map(file => `/${path.dirname(file)}`.replace(/\/\([^)]*\)/g, "").replace(/^\/\.?$/, "/"))
    .map(page => (page === "" ? "/" : page))
}

function directives(policy: string | null): Record<string, string> {
  const entries = (policy ?? "").split("; ").map(part => {
    const space = part.indexOf(" ")
    return [part.slice(0, space), part.slice(space + 1)]
  })
  return Object.fromEntries(entries)
}

describe("the content security policy", () => {
  it("lets no script run without the nonce of its page", () => {
    const policy = directives(contentSecurityPolicy("abc", false))
    expect(policy["script-src"]).toBe("'nonce-abc' 'strict-dynamic'")
    expect(policy["script-src-attr"]).toBe("'none'")
    expect(policy).toMatchObject({
      "default-src": "'self'",
      "object-src": "'none'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
      "form-action": "'self'",
    })
  })

  it("allows eval and a web socket in development only", () => {
    expect(contentSecurityPolicy("abc", true)).toMatch(/unsafe-eval.*ws:/)
    expect(contentSecurityPolicy("abc", false)).not.toMatch(/eval|ws:/)
  })
})

describe("the proxy", () => {
  it("gives every request a nonce of its own, in the answer and for the renderer, whatever the client sent", () => {
    const headers = { "x-nonce": "mine", "content-security-policy": "script-src *" }
    const answers = [0, 1].map(() =>
      proxy(new NextRequest("http://127.0.0.1:3000/acme/admin/audit-logs", { headers })),
    )
    const nonces = answers.map(answer => {
      const policy = answer.headers.get("content-security-policy")
      const nonce = /'nonce-([^']+)'/.exec(policy ?? "")?.[1]
      expect(answer.headers.get("x-middleware-request-content-security-policy")).toBe(policy)
      expect(answer.headers.get("x-middleware-request-x-nonce")).toBe(nonce)
      expect(Buffer.from(nonce ?? "", "base64")).toHaveLength(16)
      return nonce
    })
    expect(nonces[0]).not.toBe(nonces[1])
  })

  it("tells pages their address as it was asked for, without what Next adds and not a letter longer", () => {
    const asked = (query: string) =>
      proxy(new NextRequest(`http://127.0.0.1:3000/acme/admin/audit-logs${query}`)).headers.get(
        "x-middleware-request-x-auditorium-path",
      )
    expect(asked("?from=2026-01-01T00:00:00Z&text=a,b%20c&_rsc=1x2")).toBe(
      "/acme/admin/audit-logs?from=2026-01-01T00:00:00Z&text=a,b%20c",
    )
    expect(asked("?_rsc=1")).toBe("/acme/admin/audit-logs")
  })

  it("never answers by itself: it lets every request through", () => {
    for (const page of ["/", "/acme/admin/audit-logs", "/sign-in"]) {
      const answer = proxy(new NextRequest(`http://127.0.0.1:3000${page}`))
      expect(answer.status).toBe(200)
      expect(answer.headers.get("x-middleware-next")).toBe("1")
      expect(answer.headers.get("location")).toBeNull()
    }
  })

  it("runs for pages and their data, not for the API nor for built files", () => {
    const matches = (address: string) =>
      config.matcher.some(source => new RegExp(`^${source}$`).test(address))
    const api = ["/api", "/api/v1/events", "/api/health", "/v2", "/v2/users/me/audit_log/searches"]
    expect([...api, "/favicon.ico", "/favicon.svg"].filter(matches)).toEqual([])
    expect(["/_next/static/chunks/a.js", "/_next/image"].some(matches)).toBe(false)
    const slugs = [
      "acme",
      "apix",
      "api-team",
      "v2x",
      "v2-team",
      "favicon-ico",
      "favicon",
      "next",
      "_next-image",
      "faviconsico",
    ]
    const pages = pagesOf(path.join(import.meta.dirname, "app"))
    expect(pages.length).toBeGreaterThan(20)
    for (const page of pages) {
      for (const slug of slugs) {
        const address = page.replace("[organization]", slug).replace(/\[[^\]]+\]/g, "favicon.ico")
        expect([address, matches(address)]).toEqual([address, true])
      }
    }
  })
})
