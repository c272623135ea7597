import { describe, expect, test } from "vitest"
import { isWithin, networkOf } from "@/lib/access/keys/networks"
import { parseEvent } from "@/lib/audit/event/parse"
import { parseValue } from "@/lib/audit/query/parse-value"
import { readEnv } from "@/lib/env/env"
import { resolveAddresses, trustNetworks } from "./address"

const trust = trustNetworks(["10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32"])

describe("the address of a client", () => {
  test("a forged X-Forwarded-For changes nothing when the peer is no trusted proxy", () => {
    expect(resolveAddresses("203.0.113.9", "198.51.100.1", trust)).toEqual({
      client: "203.0.113.9",
      peer: "203.0.113.9",
    })
  })

  test("behind a trusted proxy the right-most hop that is not trusted is the client", () => {
    expect(resolveAddresses("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.2.3.4", trust)).toEqual({
      client: "198.51.100.7",
      peer: "10.0.0.1",
    })
  })

  test("IPv4-mapped peers, ports and brackets are understood", () => {
    expect(resolveAddresses("::ffff:10.0.0.1", "[2001:DB9::1]:443", trust).client).toBe("2001:db9::1")
    expect(resolveAddresses("::ffff:a00:1", "198.51.100.7:51234", trust).client).toBe("198.51.100.7")
  })

  test("a hop that is no address ends the walk at the last one known", () => {
    expect(resolveAddresses("10.0.0.1", "198.51.100.7, unknown", trust).client).toBe("10.0.0.1")
    expect(resolveAddresses("10.0.0.1", "", trust).client).toBe("10.0.0.1")
  })

  test("when every hop is trusted, the left-most is the client", () => {
    expect(resolveAddresses("10.0.0.1", "10.9.9.9, 2001:db8::5", trust).client).toBe("10.9.9.9")
  })

  test("without a peer nothing is believed", () => {
    expect(resolveAddresses(null, "198.51.100.7", trust)).toEqual({ client: null, peer: null })
  })
})

/** All places that read an ip, each through its own function. */
const callers = {
  filter: (text: string) => {
    const read = parseValue("ip", text)
    return "value" in read ? read.value.value : null
  },
  keyNetwork: networkOf,
  admitted: (text: string) =>
    [...tableOfAddresses, ...endpoints]
      .map(([, address]) => address)
      .find(each => each && isWithin([each], text)) ?? null,
  peerOfEvent: (text: string) => sourceOf({ peerIp: text })?.peerIp ?? null,
  originOfEvent: (text: string) => sourceOf({ ip: text })?.ip ?? null,
  connection: (text: string) => resolveAddresses(text, null, trust).client,
  forwarded: (text: string) => {
    const { client } = resolveAddresses("10.0.0.1", text, trust)
    return client === "10.0.0.1" ? null : client
  },
  trustedProxy: (text: string) => {
    try {
      const env = {
        DATABASE_URL: "postgresql://a@b/c",
        SECRET: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/",
        BASE_URL: "http://localhost:3000",
      }
      return readEnv({ ...env, TRUSTED_PROXIES: text }).trustedProxies[0]?.replace(/\/(32|128)$/, "") ?? null
    } catch {
      return null
    }
  },
}

function sourceOf(source: { readonly ip?: string; readonly peerIp?: string }) {
  const event = { operation: "a.b", status: "success", actor: { type: "user", id: "u" }, source }
  const parsed = parseEvent(event, { organizationId: "o", appId: "a", newId: () => "i" })
  return parsed.ok ? parsed.prepared.content.source : undefined
}

const tableOfAddresses: readonly (readonly [string, string | null])[] = [
  ["192.0.2.1", "192.0.2.1"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["::1.2.3.4", "::102:304"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::ffff:c000:201", "192.0.2.1"],
  ["fe80::1%eth0", "fe80::1"],
  ["::ffff:192.0.2.1%eth0", "192.0.2.1"],
  ["64:ff9b::192.0.2.1", "64:ff9b::c000:201"],
  ["225.01.00.16", null],
  ["::ffff:192.0.02.1", null],
  ["192.0.2", null],
  ["0x7f.0.0.1", null],
  ["2130706433", null],
  ["example.com", null],
  ["1::2::3", null],
  ["fe80::1%", null],
]

/** As other programs write the end of a connection; nobody writes a filter or a network like this. */
const endpoints: readonly (readonly [string, string | null])[] = [
  ["192.0.2.1:80", "192.0.2.1"],
  ["[192.0.2.1]:22", "192.0.2.1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["[::1]:8080", "::1"],
  ["[fe80::1%eth0]:443", "fe80::1"],
  ["[::ffff:192.0.2.1]:443", "192.0.2.1"],
  ["192.0.2.1:99999", null],
  ["192.0.2.1:", null],
  ["[::1", null],
  ["[[::1]]", null],
  ["example.com:80", null],
]

describe("one reading of an address for the whole product", () => {
  test.each(tableOfAddresses)("%s is %s to every caller", (text, address) => {
    expect(mapped(callers, read => read(text))).toEqual(mapped(callers, () => address))
  })

  const { originOfEvent, connection, forwarded, ...stated } = callers
  test.each(endpoints)(
    "%s is %s where other programs write it, and refused where a person states it",
    (text, address) => {
      const written = { originOfEvent, connection, forwarded }
      expect(mapped(written, read => read(text))).toEqual(mapped(written, () => address))
      expect(mapped(stated, read => read(text))).toEqual(mapped(stated, () => null))
    },
  )

  test.each([
    ["203.0.113.7, 10.0.0.1", "203.0.113.7"],
    ["[2001:db8::1]:443 ,10.0.0.1", "2001:db8::1"],
    ["127.0.0.1,192.168.22.33", "127.0.0.1"],
    ["unknown, 203.0.113.7", null],
    [",203.0.113.7", null],
  ])("an event's origin %j is a list whose first address is the client: %s", (text, address) => {
    expect(sourceOf({ ip: text })).toEqual({ ip: address, ipText: text })
  })
})

function mapped<In, Out>(
  object: Readonly<Record<string, In>>,
  change: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}
