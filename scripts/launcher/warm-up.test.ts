import * as fs from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { routesOf, warmUp } from "./warm-up.mjs"

const manifest = {
  "/page": "/",
  "/_not-found/page": "/_not-found",
  "/a": "/[organization]/admin/audit-logs/events/[event]",
  "/b": "/api/auth/[...nextauth]",
  "/c": "/api/[[...unknown]]",
  "/d": "/api/health",
  "/e": "/api/v1/events",
  "/f": "/api/v1/events/[id]",
  "/g": "/api/v1/openapi.json",
  "/h": "/sign-in",
  "/i": "/sign-in/link",
}
const first = ["/api/health", "/api/v1/events", "/api/v1/events/warm-up", "/sign-in"]
const later = [
  "/",
  "/api/auth/warm-up",
  "/api/v1/openapi.json",
  "/api/warm-up",
  "/sign-in/link",
  "/warm-up/admin/audit-logs/events/warm-up",
]

let root = ""
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-test-"))
  fs.mkdirSync(path.join(root, ".next"))
  fs.writeFileSync(path.join(root, ".next", "app-path-routes-manifest.json"), JSON.stringify(manifest))
})
afterAll(() => fs.rmSync(root, { recursive: true }))

/** A warm-up, and what it has asked for so far. */
function warming(isIdle: () => boolean, gap = { quietMs: 0, mostMs: 60_000 }) {
  const asked: string[] = []
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.headers.host}${request.url}`)
    response.end()
  }
  const warm = warmUp({ handle, root, baseUrl: "https://log.example:8443", isIdle, gap })
  return { ...warm, asked: () => asked.splice(0) }
}

const twice = (routes: readonly string[]) => [...routes, ...routes].map(route => `log.example:8443${route}`)

describe("warming up", () => {
  it("asks every page and route that was built, with a stand-in for each variable part", () => {
    expect(routesOf(root)).toEqual([...later, ...first].sort())
  })

  it("loads what programs call and the first page before the server listens, and everything else after that", async () => {
    const { begin, finish, asked } = warming(() => true)
    await begin()
    expect(asked()).toEqual(twice(first))
    await finish()
    expect(asked()).toEqual(twice(later))
  })

  it("loads each page in a moment without requests", async () => {
    let looks = 0
    // Somebody is being served at the first three looks; five in a row without anybody are enough.
    const { finish, asked } = warming(() => looks++ % 8 >= 3)
    await finish()
    expect(asked()).toEqual(twice(later))
    expect(looks).toBe(8 * 2 * later.length)
  })

  it("loads them all the same in a server that is never idle", async () => {
    const { finish, asked } = warming(() => false, { quietMs: 0, mostMs: 0 })
    await finish()
    expect(asked()).toEqual(twice(later))
  })

  it("leaves nothing behind in the temporary folder", async () => {
    const before = process.env.TMPDIR
    process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-test-"))
    try {
      await warming(() => true).begin()
      expect(fs.readdirSync(os.tmpdir())).toEqual([])
    } finally {
      fs.rmdirSync(os.tmpdir())
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    }
  })
})
