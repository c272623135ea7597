import { once } from "node:events"
import { createServer } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { afterEach, beforeAll, describe, expect, it, test, vi } from "vitest"
import { canMakeCertificates, makeAuthority, type TestAuthority } from "@/test/certificates"
import { type Listening, listen } from "@/test/listen"
import { parseOutboundAllow } from "./allow"
import { insideHosts, inUrl, insideLookup as lookup } from "./fixtures/inside"
import { startNameServer } from "./fixtures/name-server"
import { outbound } from "./guard"
import type { Lookup } from "./lookup"

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(closing.splice(0).map(one => one.close()))
})
function later<One extends { close(): Promise<void> }>(one: One): One {
  closing.push(one)
  return one
}

const timeoutMs = 20_000
const wayOut = (allow = "", lookup?: Lookup) =>
  outbound({ allow: parseOutboundAllow(allow) ?? [], ...(lookup === undefined ? {} : { lookup }) })

/** A server that says hello to everybody. */
async function greeter(place: { readonly host?: string; readonly port?: number } = {}): Promise<Listening> {
  return later(
    await listen(
      createServer(socket => socket.end("hello")),
      place,
    ),
  )
}

async function hear(way: ReturnType<typeof wayOut>, host: string, port: number): Promise<string> {
  const socket = await way.connect({ host, port, tls: null }, { timeoutMs })
  const [said] = await once(socket, "data")
  socket.destroy()
  return String(said)
}

test.each(insideHosts)("%s is this machine or inside, and no connection is made to it", async host => {
  const server = await greeter()
  const way = wayOut("", lookup)
  for (const tls of [null, {}]) {
    const attempt = way.connect({ host, port: server.port, tls }, { timeoutMs })
    await expect(attempt).rejects.toMatchObject({
      trouble: "refused",
      message: expect.stringContaining("OUTBOUND_ALLOW"),
    })
  }
  for (const scheme of ["http", "https"]) {
    const attempt = way.request({
      url: `${scheme}://${inUrl(host)}:${server.port}/`,
      method: "GET",
      timeoutMs,
    })
    await expect(attempt).rejects.toMatchObject({ trouble: "refused" })
  }
  expect(server.connections()).toBe(0)
})

// Otherwise the test above would also pass where nothing can be connected.
test("what is refused can be reached when it is allowed", async () => {
  const { port } = await greeter()
  expect(await hear(wayOut("127.0.0.1"), "127.0.0.1", port)).toBe("hello")
  expect(await hear(wayOut("127.0.0.1"), "0x7f.1", port)).toBe("hello")
  expect(await hear(wayOut(`localhost:${port}`, lookup), "localhost", port)).toBe("hello")
  expect(await hear(wayOut("127.0.0.0/8", lookup), "whatever.example", port)).toBe("hello")
})

describe("a name whose ip changes", () => {
  test("leads only to ips that were checked, and is looked up once for a connection", async () => {
    const inside = await greeter({ host: "127.0.0.1" })
    const outside = await greeter({ host: "127.0.0.2", port: inside.port })
    const answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], []]
    const nameServer = later(await startNameServer(query => answers[query - 1] ?? ["127.0.0.1"]))
    const way = wayOut("127.0.0.2", nameServer.lookup)
    const attempt = () => hear(way, "rebinding.example", inside.port)

    expect(way.check({ host: "rebinding.example", port: inside.port, tls: null })).toBeNull()
    expect(await attempt()).toBe("hello")
    await expect(attempt()).rejects.toMatchObject({ trouble: "refused" })
    expect(await attempt()).toBe("hello")
    await expect(attempt()).rejects.toMatchObject({ trouble: "unreachable" })
    await expect(attempt()).rejects.toMatchObject({ trouble: "refused" })
    expect(nameServer.queries()).toBe(5)
    expect(outside.connections()).toBe(2)
    expect(inside.connections()).toBe(0)
  })

  test("was public when it was saved and is refused when it has become an ip inside", async () => {
    const nameServer = later(await startNameServer(() => ["127.0.0.1"]))
    const way = wayOut("", nameServer.lookup)
    expect(way.checkUrl("https://rebinding.example/")).toBeNull()
    const attempt = way.request({ url: "https://rebinding.example/", method: "GET", timeoutMs })
    await expect(attempt).rejects.toMatchObject({ trouble: "refused" })
  })
})

test("the ip that was connected is checked too: Linux connects 0.0.0.0 to itself", async () => {
  const server = await greeter()
  const attempt = wayOut("0.0.0.0").connect({ host: "0.0.0.0", port: server.port, tls: null }, { timeoutMs })
  await expect(attempt).rejects.toMatchObject({
    trouble: "refused",
    message: expect.stringContaining("loopback"),
  })
})

test("a name that the operator allows may lead into the own network, and not to the metadata of the cloud", async () => {
  const way = wayOut("metadata.google.internal unspecified.example", lookup)
  for (const host of ["metadata.google.internal", "unspecified.example"]) {
    const attempt = way.connect({ host, port: 80, tls: null }, { timeoutMs })
    await expect(attempt).rejects.toMatchObject({
      trouble: "refused",
      message: expect.stringContaining("an entry with the ip itself"),
    })
  }
})

test("a host that the operator has configured may lead anywhere, on its port", async () => {
  const { port } = await greeter()
  const anywhere: Lookup = async () => ["127.0.0.1"]
  const operatorHosts = [{ host: "mail.example", port }]
  const way = outbound({ allow: [], operatorHosts, lookup: anywhere })
  expect(await hear(way, "mail.example", port)).toBe("hello")
  const reserved = outbound({ allow: [], operatorHosts, lookup: async () => ["0.0.0.0"] })
  expect(await hear(reserved, "mail.example", port)).toBe("hello")
  await expect(hear(way, "other.example", port)).rejects.toMatchObject({ trouble: "refused" })
  await expect(hear(way, "mail.example", port + 1)).rejects.toMatchObject({ trouble: "refused" })
})

describe("a refusal", () => {
  test("does not tell the ip of a name inside", async () => {
    const attempt = wayOut("", lookup).connect({ host: "private.example", port: 443, tls: {} }, { timeoutMs })
    const error = await attempt.catch(thrown => thrown)
    expect(error.message).toContain("private ip")
    expect(error.message).not.toMatch(/10\.0\.0\.1|192\.168|fd00/)
  })
})

describe("a connection", () => {
  test("to a port where nothing listens says so", async () => {
    const server = await greeter()
    await server.close()
    closing.length = 0
    await expect(hear(wayOut("127.0.0.1"), "127.0.0.1", server.port)).rejects.toMatchObject({
      trouble: "unreachable",
      message: `127.0.0.1:${server.port} cannot be reached: nothing listens there.`,
    })
  })

  test("to a name that nobody knows says so", async () => {
    const unknown: Lookup = () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }))
    await expect(hear(wayOut("a.example", unknown), "a.example", 443)).rejects.toMatchObject({
      trouble: "unreachable",
      message: expect.stringContaining("its name is not known"),
    })
  })

  test("that is not answered in time is given up", async () => {
    const { port } = later(await listen(createServer()))
    const attempt = wayOut("127.0.0.1").connect({ host: "127.0.0.1", port, tls: {} }, { timeoutMs: 50 })
    await expect(attempt).rejects.toMatchObject({ trouble: "timeout" })
  })

  test("that the caller gives up ends at once and leaves nothing open", async () => {
    const server = createServer()
    const giveUp = new AbortController()
    const closed = once(server, "connection").then(([socket]) => {
      giveUp.abort()
      return once(socket, "close")
    })
    const { port } = later(await listen(server))
    const limits = { timeoutMs, signal: giveUp.signal }
    const attempt = wayOut("127.0.0.1").connect({ host: "127.0.0.1", port, tls: {} }, limits)
    await expect(attempt).rejects.toMatchObject({ trouble: "broken" })
    await closed
    await expect(
      wayOut("127.0.0.1").connect({ host: "127.0.0.1", port, tls: null }, limits),
    ).rejects.toMatchObject({ trouble: "broken" })
  })

  test("to a name server that never answers waits for its time, and asks once for all who wait", async () => {
    let asked = 0
    const never: Lookup = () => {
      asked++
      return new Promise(() => {})
    }
    const way = wayOut("", never)
    const attempts = [1, 2, 3].map(() =>
      way
        .connect({ host: "slow.example", port: 443, tls: {} }, { timeoutMs: 50 })
        .catch(error => error.trouble),
    )
    expect(await Promise.all(attempts)).toEqual(["timeout", "timeout", "timeout"])
    expect(asked).toBe(1)
  })

  test("that breaks later does not end the process", async () => {
    const server = createServer(socket => socket.once("data", () => socket.resetAndDestroy()))
    const { port } = later(await listen(server))
    const socket = await wayOut("127.0.0.1").connect({ host: "127.0.0.1", port, tls: null }, { timeoutMs })
    socket.write("hello")
    await new Promise(resolve => socket.once("close", resolve))
    expect(socket.destroyed).toBe(true)
  })
})

describe.skipIf(!canMakeCertificates())("TLS", () => {
  let authority: TestAuthority
  beforeAll(() => {
    authority = makeAuthority()
  })
  async function secureServer(names: readonly string[], days?: number) {
    const server = createTlsServer(authority.issue(names, days), socket => socket.end("secret hello"))
    return later(await listen(server))
  }
  const secureTo = async (host: string, port: number, ca?: string) => {
    const way = wayOut("127.0.0.1 server.example", lookup)
    const socket = await way.connect({ host, port, tls: ca === undefined ? {} : { ca } }, { timeoutMs })
    const [said] = await once(socket, "data")
    socket.destroy()
    return String(said)
  }

  it("goes to a server whose certificate the given authority has signed, by name and by ip", async () => {
    const { port } = await secureServer(["server.example", "127.0.0.1"])
    expect(await secureTo("server.example", port, authority.ca)).toBe("secret hello")
    expect(await secureTo("127.0.0.1", port, authority.ca)).toBe("secret hello")
  })

  it("is refused for a certificate of an authority that is not given", async () => {
    const { port } = await secureServer(["127.0.0.1"])
    const other = makeAuthority("Another")
    for (const ca of [undefined, other.ca])
      await expect(secureTo("127.0.0.1", port, ca)).rejects.toMatchObject({
        trouble: "tls",
        message: expect.stringContaining("no authority that is trusted here has signed it"),
      })
  })

  it("is refused also where the environment of Node turns the check off", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0")
    const { port } = await secureServer(["127.0.0.1"])
    await expect(secureTo("127.0.0.1", port)).rejects.toMatchObject({ trouble: "tls" })
  })

  it("is refused for a certificate for another name, without telling that name", async () => {
    const { port } = await secureServer(["inside.corp.example"])
    const error = await secureTo("127.0.0.1", port, authority.ca).catch(thrown => thrown)
    expect(error).toMatchObject({ trouble: "tls", message: expect.stringContaining("for another name") })
    expect(error.message).not.toContain("inside.corp")
  })

  it("is refused for a certificate that has expired", async () => {
    const { port } = await secureServer(["127.0.0.1"], -1)
    await expect(secureTo("127.0.0.1", port, authority.ca)).rejects.toMatchObject({
      trouble: "tls",
      message: expect.stringContaining("it has expired"),
    })
  })

  it("is refused by a server that does not speak it, and by one that hangs up", async () => {
    const plain = await greeter()
    await expect(secureTo("127.0.0.1", plain.port)).rejects.toMatchObject({
      trouble: "tls",
      message: expect.stringContaining("does not speak TLS"),
    })
    const silent = later(await listen(createServer(socket => socket.end())))
    await expect(secureTo("127.0.0.1", silent.port)).rejects.toMatchObject({ trouble: "broken" })
  })
})
