import { describe, expect, test } from "vitest"
import { canonicalAddress, resolveAddresses, trustNetworks } from "./address"

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

  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1:80", "192.0.2.1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["[::1]:8080", "::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["225.01.00.16", null],
    ["example.com", null],
    ["example.com:80", null],
    ["1.2.3.4:99999999", null],
    ["", null],
    ["[::1", null],
  ])("%s is %s", (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected)
  })
})
