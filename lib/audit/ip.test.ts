import { isIP } from "node:net"
import { describe, expect, it, test } from "vitest"
import { canonicalAddress, parseIpRange, subscriberNetwork } from "./ip"

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["0.0.0.0", "0.0.0.0"],
  ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["::1", "::1"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:cb00:7107", "203.0.113.7"],
  ["fe80::1%eth0", "fe80::1"],
  ["64:ff9b::203.0.113.7", "64:ff9b::cb00:7107"],
  ["::1.2.3.4", "::102:304"],
])("%s is the address %s", (text, address) => {
  expect(canonicalAddress(text)).toBe(address)
  expect(isIP(address)).not.toBe(0)
})

test.each([
  ...["", "-", "AWS Internal", "ecs.amazonaws.com", "gce-internal-ip", "225.01.00.16", "203.0.113.256"],
  ...["203.0.113", "0x7f.0.0.1", "2130706433", "203.0.113.7:443", "[::1]", "::ffff:01.2.3.4", "::01.2.3.4"],
  ...["1::2::3", " 203.0.113.7", "203.0.113.7\n", "10.0.0.0/8", "fe80::1%", "fe80::1%a b", "1.2.3.4%eth0"],
])("%j is no address", text => {
  expect(canonicalAddress(text)).toBeNull()
})

test("a customer of an IPv6 provider counts as one, whichever address of their network they use", () => {
  expect(subscriberNetwork("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64")
  expect(subscriberNetwork("::ffff:203.0.113.7")).toBe("203.0.113.7")
  expect(subscriberNetwork("nobody")).toBeNull()
})

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
