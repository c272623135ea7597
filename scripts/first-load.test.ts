import * as http from "node:http"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { firstLoad, scriptsOf } from "./first-load.mjs"

const code = "console.log(1);".repeat(1_000)
const html = `<!doctype html><head>
  <link rel="preload" as="script" href="/a.js">
  <script src="/a.js" async="" nonce="n"></script><script nonce="n" src="/b.js?x=1&amp;y=2"></script>
  <script src="/old.js" noModule=""></script>
  <script>self.push("<script src=x>")</script>
</head><script src="/a.js"></script>`

describe("the first load", () => {
  let origin = ""
  const server = http.createServer((request, response) => {
    if (request.headers.cookie !== "session=1") return response.writeHead(401).end()
    if (request.url === "/") return response.end(html)
    if (request.url?.startsWith("/old")) return response.writeHead(500).end()
    return response.end(code)
  })
  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    if (typeof address === "object" && address !== null) origin = `http://127.0.0.1:${address.port}`
  })
  afterAll(() => server.close())

  it("counts each script once, and none that only old browsers load", () => {
    expect(scriptsOf(html)).toEqual(["/a.js", "/b.js?x=1&y=2"])
  })

  it("is the compressed size of what the page asks for, as the one who is signed in", async () => {
    const { gzipBytes, scripts } = await firstLoad(`${origin}/`, { cookie: "session=1" })
    expect(scripts.map(({ url }) => url)).toEqual([`${origin}/a.js`, `${origin}/b.js?x=1&y=2`])
    expect(gzipBytes).toBe(2 * gzipSync(code).byteLength)
  })

  it("is no small number when the page was refused", async () => {
    await expect(firstLoad(`${origin}/`)).rejects.toThrow("answers 401")
  })
})
