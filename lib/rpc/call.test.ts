import { Metadata } from "@grpc/grpc-js"
import { expect, test } from "vitest"
import { trustNetworks } from "@/lib/http/address"
import { originOf, textOf } from "./call"

const trusts = trustNetworks(["10.0.0.0/8", "::1/128"])

function origin(peer: string, sent: Readonly<Record<string, string>> = {}) {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(sent)) metadata.add(name, value)
  return originOf(metadata, peer, trusts)
}

test.each([
  ["192.0.2.9:50100", "192.0.2.9"],
  ["2001:db8::1:50100", "2001:db8::1"],
  ["[2001:db8::1]:50100", "2001:db8::1"],
  ["::ffff:192.0.2.9:50100", "192.0.2.9"],
  ["::1:50100", "::1"],
  ["unknown", null],
  ["", null],
])("the caller of the connection %s is %s", (peer, ip) => {
  expect(origin(peer).source.ip).toBe(ip)
})

test.each([
  ["192.0.2.9:1", "198.51.100.1", "192.0.2.9"],
  ["10.0.0.1:1", "198.51.100.1", "198.51.100.1"],
  ["10.0.0.1:1", "203.0.113.9, 198.51.100.1", "198.51.100.1"],
  ["10.0.0.1:1", "203.0.113.9, 10.1.1.1", "203.0.113.9"],
  ["10.0.0.1:1", "nonsense", "10.0.0.1"],
  ["::1:1", "198.51.100.1", "198.51.100.1"],
  ["unknown", "198.51.100.1", null],
])("from %s with x-forwarded-for %s the caller is %s: only a trusted proxy is believed", (peer, sent, ip) => {
  expect(origin(peer, { "x-forwarded-for": sent }).source.ip).toBe(ip)
})

test("x-forwarded-for that is sent twice is read as one list", () => {
  const metadata = new Metadata()
  for (const hop of ["203.0.113.9", "198.51.100.1"]) metadata.add("x-forwarded-for", hop)
  expect(originOf(metadata, "10.0.0.1:1", trusts).source).toMatchObject({
    ip: "198.51.100.1",
    peerIp: "10.0.0.1",
  })
})

test("a request id is a trusted proxy's, never a client's", () => {
  const sent = { "x-request-id": "chosen" }
  expect(origin("10.0.0.1:1", sent).requestId).toBe("chosen")
  expect(origin("192.0.2.9:1", sent).requestId).not.toBe("chosen")
})

test("a header that names the peer itself is not believed", () => {
  expect(origin("192.0.2.9:1", { "x-auditorium-peer": "10.0.0.1" }).source.ip).toBe("192.0.2.9")
})

test("binary metadata and unusual characters make nothing fail", () => {
  const metadata = new Metadata()
  metadata.add("trace-bin", Buffer.from([0, 255]))
  expect(textOf(metadata, "trace-bin")).toBeNull()
  expect(textOf(metadata, "authorization")).toBeNull()
  metadata.get = () => ["Key \u0007\u00e9"]
  expect(textOf(metadata, "authorization")).toBe("Key ??")
})
