import { BlockList, isIP } from "node:net"
import { describe, expect, it, test } from "vitest"
import { trustIn } from "@/scripts/launcher/http-server.mjs"
import { canonicalAddress, ipSet, parseIpRange, subscriberNetwork } from "./ip"

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

const networks = [
  "192.0.2.0/24",
  "198.51.100.7",
  "2001:db8::/33",
  "::1",
  "10.1.2.3/9",
  "fe80::/10",
  "::/64",
  "::2:0:0/95",
]
const addresses = [
  ...[
    "192.0.2.0",
    "192.0.2.255",
    "192.0.3.0",
    "192.0.1.255",
    "198.51.100.7",
    "198.51.100.8",
    "10.0.0.0",
    "10.127.255.255",
  ],
  ...[
    "10.128.0.0",
    "9.255.255.255",
    "0.0.0.0",
    "255.255.255.255",
    "2001:db8::",
    "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
  ],
  ...[
    "2001:db8:8000::",
    "2001:db7:ffff::",
    "::1",
    "::",
    "::2",
    "fe80::1",
    "febf:ffff::1",
    "fec0::",
    "::fffe:ffff:ffff",
  ],
  ...[
    "::ffff:192.0.2.9",
    "::ffff:192.0.3.9",
    "::1:0:0:0",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "::2:ffff:ffff",
  ],
]

describe("a set of IP ranges", () => {
  it.each([...networks, "0.0.0.0/0", "::/0", "::/80", "::ffff:0:0/96"])(
    "%s holds what Node says that it holds",
    text => {
      const oracle = new BlockList()
      const { first = "" } = parseIpRange(text) ?? {}
      const prefix = parseIpRange(text)?.text.split("/")[1]
      const family = isIP(first) === 6 ? "ipv6" : "ipv4"
      oracle.addSubnet(first, Number(prefix ?? (family === "ipv6" ? 128 : 32)), family)
      const held = addresses.filter(address => ipSet([text]).has(address))
      expect(held).toEqual(addresses.filter(each => oracle.check(each, isIP(each) === 6 ? "ipv6" : "ipv4")))
    },
  )

  it("holds what one of its ranges holds, as the launcher of the server sees it too", () => {
    const known = networks.flatMap(text => parseIpRange(text)?.text ?? [])
    const trusted = trustIn(known)
    expect(addresses.filter(ipSet(known).has)).toEqual(addresses.filter(trusted))
    expect(addresses.filter(ipSet([]).has)).toEqual([])
  })

  it("holds no text that is no address, and nothing by a range that cannot be read", () => {
    const all = ipSet(["0.0.0.0/0", "::/0"])
    expect(["", "nobody", "10.0.0.0/8", " 10.0.0.1", "10.0.0.1:443"].filter(all.has)).toEqual([])
    expect(ipSet(["nonsense", "10.0.0.0/33", "300.1.1.1"]).has("10.0.0.1")).toBe(false)
  })

  it.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "10.0.0.0/7", false],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["10.1.2.3", "10.1.2.3/32", true],
    ["2001:db8::/32", "2001:db8:ffff::/48", true],
    ["2001:db8::/32", "2001:db9::/48", false],
    ["10.0.0.0/8", "::ffff:10.1.0.0/112", true],
    ["::/0", "10.0.0.0/8", false],
    ["0.0.0.0/0", "::1", false],
    ["10.0.0.0/8", "nonsense", false],
  ])("%s covers %s: %s", (outer, inner, expected) => {
    expect(ipSet([outer]).covers(inner)).toBe(expected)
    expect(ipSet(["192.0.2.1", outer]).covers(inner)).toBe(expected)
  })

  it("covers a range only when one of its own does, also where two of them touch", () => {
    expect(ipSet(["10.0.0.0/9", "10.128.0.0/9"]).covers("10.0.0.0/8")).toBe(false)
  })
})
