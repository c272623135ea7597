import { describe, expect, it } from "vitest"
import { parseIpRange } from "./ip-range"

describe("IP ranges", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.7"],
    ["203.0.113.7/32", "203.0.113.7", "203.0.113.7", "203.0.113.7"],
    ["203.0.113.7/24", "203.0.113.0/24", "203.0.113.0", "203.0.113.255"],
    ["10.255.255.255/9", "10.128.0.0/9", "10.128.0.0", "10.255.255.255"],
    ["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1", "2001:db8::1", "2001:db8::1"],
    ["2001:db8::/33", "2001:db8::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"],
    ["::/0", "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.0/120", "203.0.113.0/24", "203.0.113.0", "203.0.113.255"],
  ])("%s means %s, from %s to %s", (text, canonical, first, last) => {
    expect(parseIpRange(text)).toEqual({ text: canonical, first, last })
  })

  it.each([
    "",
    "localhost",
    "203.0.113",
    "203.0.113.256",
    "0xcb.0.113.7",
    "010.0.0.1",
    "203.0.113.7/33",
    "203.0.113.7/-1",
    "203.0.113.7/024",
    "203.0.113.7/",
    "203.0.113.7/24/24",
    "203.0.113.7 ",
    "203.0.113.7:443",
    "[::1]",
    "fe80::1%eth0",
    "::1/129",
    "::ffff:203.0.113.7/64",
    "1::2::3",
  ])("%j is no address and no network", text => expect(parseIpRange(text)).toBeNull())

  it("the text of a range means the same range", () => {
    for (const text of ["198.51.100.77/13", "2001:db8:ffff::1/47", "::ffff:1.2.3.4"]) {
      const range = parseIpRange(text)
      expect(parseIpRange(range?.text ?? "")).toEqual(range)
    }
  })
})
