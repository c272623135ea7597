import { describe, expect, test } from "vitest"
import { isWithin, networkOf } from "./networks"

describe("a list of allowed networks", () => {
  test("admits every address when it is empty, even an unknown one", () => {
    expect([isWithin([], "203.0.113.9"), isWithin([], null)]).toEqual([true, true])
  })

  test("admits exactly what it names, in both families", () => {
    const networks = ["192.0.2.0/24", "198.51.100.7", "2001:db8::/32", "::1"]
    const inside = ["192.0.2.0", "192.0.2.255", "198.51.100.7", "2001:db8:ffff::1", "::1"]
    const outside = ["192.0.3.0", "198.51.100.8", "2001:db9::", "::2", "10.0.0.1"]
    expect(inside.filter(address => !isWithin(networks, address))).toEqual([])
    expect(outside.filter(address => isWithin(networks, address))).toEqual([])
  })

  test("takes an IPv4 address inside IPv6 for the IPv4 address that it is, on both sides", () => {
    expect(isWithin(["192.0.2.0/24"], "::ffff:192.0.2.9")).toBe(true)
    expect(
      isWithin(
        ["::ffff:192.0.2.0/120"].flatMap(text => networkOf(text) ?? []),
        "192.0.2.9",
      ),
    ).toBe(true)
    expect(isWithin(["192.0.2.0/24"], "::ffff:192.0.3.9")).toBe(false)
  })

  test("admits no unknown address, and nobody through a network that cannot be read", () => {
    expect([isWithin(["192.0.2.0/24"], null), isWithin(["nonsense"], "192.0.2.1")]).toEqual([false, false])
    expect(["192.0.2.0/33", "300.1.1.1", "example.org", ""].map(networkOf)).toEqual([null, null, null, null])
  })
})
