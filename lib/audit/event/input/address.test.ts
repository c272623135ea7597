import { isIP } from "node:net"
import { expect, test } from "vitest"
import { canonicalAddress } from "./address"

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["0.0.0.0", "0.0.0.0"],
  ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["::1", "::1"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:cb00:7107", "203.0.113.7"],
  ["fe80::1%eth0", "fe80::1"],
  ["64:ff9b::203.0.113.7", "64:ff9b::cb00:7107"],
])("%s is the address %s", (text, address) => {
  expect(canonicalAddress(text)).toBe(address)
  expect(isIP(address)).not.toBe(0)
})

test.each([
  "",
  "-",
  "AWS Internal",
  "ecs.amazonaws.com",
  "gce-internal-ip",
  "225.01.00.16",
  "203.0.113.256",
  "203.0.113",
  "0x7f.0.0.1",
  "2130706433",
  "203.0.113.7:443",
  "[::1]",
  "::ffff:01.2.3.4",
  "1::2::3",
  " 203.0.113.7",
  "203.0.113.7\n",
  "10.0.0.0/8",
])("%j is no address", text => {
  expect(canonicalAddress(text)).toBeNull()
})
