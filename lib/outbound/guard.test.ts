import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it, test } from "vitest"
import { type OutboundAllow, parseOutboundAllow } from "./allow"
import { outbound } from "./guard"
import { ipKind } from "./ip-kind"
import type { OutboundTarget } from "./outbound"

const urls = readFileSync(path.join(import.meta.dirname, "fixtures/ssrf-urls.txt"), "utf8")
  .trim()
  .split("\n")

function allowing(text: string): OutboundAllow {
  const entries = parseOutboundAllow(text)
  if (entries === null) throw new Error(text)
  return entries
}

const strict = outbound({ allow: [] })
const tlsTo = (host: string, port = 443): OutboundTarget => ({ host, port, tls: {} })
const plainTo = (host: string, port = 24_224): OutboundTarget => ({ host, port, tls: null })

test("every url of the collected vectors is refused, without a lookup", () => {
  expect(urls.length).toBeGreaterThan(30)
  expect(urls.filter(url => strict.checkUrl(url) === null)).toEqual([])
})

test("an ip of the vectors is refused also over TLS and on a usual port, so for itself alone", () => {
  const literal = urls.filter(url => URL.canParse(url) && /^(?:\[|[\d.]+$)/.test(new URL(url).hostname))
  expect(literal.length).toBeGreaterThan(20)
  for (const url of literal) {
    const { hostname } = new URL(url)
    expect(strict.checkUrl(`https://${hostname}/`), url).toMatch(
      /is refused: it is a (?:loopback|reserved) ip/,
    )
    expect(strict.check(tlsTo(hostname)), url).toMatch(/ ip/)
  }
})

describe("a url", () => {
  it.each([
    ["ftp://example.com/", "begins with https"],
    ["file:///etc/passwd", "begins with https"],
    ["gopher://127.0.0.1:6379/_", "begins with https"],
    ["//example.com/", "not a url"],
    ["https://", "not a url"],
    ["https://ada:secret@example.com/", "OUTBOUND_ALLOW"],
    ["https://ada@example.com/", "OUTBOUND_ALLOW"],
    ["https://:secret@example.com/", "OUTBOUND_ALLOW"],
    ["https://example.com/#part", "fragment"],
    ["https://example.com/#", "fragment"],
    ["https://example.com/\r\nx", "no spaces"],
    ["https://exa\tmple.com/", "no spaces"],
    [" https://example.com/", "no spaces"],
    ["https://example.com:0/", "port"],
    ["https://example.com:22/", "OUTBOUND_ALLOW"],
    ["http://example.com/", "OUTBOUND_ALLOW"],
    ["https://a..example/", "neither a name nor an ip"],
    [`https://example.com/${"a".repeat(9_000)}`, "at most"],
  ])("%j is refused, and says why", (url, why) => {
    expect(strict.checkUrl(url)).toContain(why)
  })

  it.each([
    "https://example.com/",
    "https://example.com:8443/x?y=z",
    "HTTPS://EXAMPLE.COM.:9200",
    "https://9.9.9.9/",
  ])("%j may be tried", url => {
    expect(strict.checkUrl(url)).toBeNull()
  })

  it("is not allowed to hold a user name by any entry", () => {
    const open = outbound({ allow: allowing("0.0.0.0/0 ::/0 example.com") })
    expect(open.checkUrl("https://ada@example.com/")).toContain("OUTBOUND_ALLOW")
    expect(open.checkUrl("https://example.com/")).toBeNull()
  })
})

describe("the host of a bare connection", () => {
  it.each([
    "",
    " ",
    "a b",
    "user@127.0.0.1",
    "127.0.0.1:80",
    "a/b",
    "a?b",
    "a#b",
    "a\\b",
    "a\nb",
    "[::1",
    "::1]",
    "%00",
  ])("%j is no host", host => {
    expect(strict.check(tlsTo(host))).toBe("The host is neither a name nor an ip.")
  })

  it.each([0, -1, 65_536, 1.5, Number.NaN])("with the port %j is refused", port => {
    expect(strict.check(tlsTo("example.com", port))).toContain("from 1 to 65535")
  })

  it.each([
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "localhost.localdomain",
    "%6c%6f%63alhost",
    "127.1",
    "2130706433",
    "①②⑦.⓪.⓪.①",
    "::ffff:127.0.0.1",
  ])("%j is this machine in any spelling, also where another network is open", host => {
    const other = outbound({ allow: allowing("10.0.0.0/8") })
    expect(strict.check(tlsTo(host))).toContain("a loopback ip of the server itself")
    expect(other.check(tlsTo(host))).toContain("a loopback ip of the server itself")
  })
})

describe("an entry of OUTBOUND_ALLOW", () => {
  it.each([
    ["10.0.0.0/8", plainTo("10.1.2.3", 9999), plainTo("11.1.2.3")],
    ["10.0.0.0/8:9200", plainTo("10.1.2.3", 9200), plainTo("10.1.2.3", 9201)],
    ["fluentd.internal:24224", plainTo("FLUENTD.internal."), plainTo("fluentd.internal", 24_225)],
    ["fluentd.internal", plainTo("fluentd.internal", 1), plainTo("other.internal", 1)],
    ["fluentd.internal", plainTo("fluentd.internal"), plainTo("a.fluentd.internal")],
    ["[::1]:5000", plainTo("::1", 5000), plainTo("127.0.0.1", 5000)],
    ["127.0.0.1", plainTo("0x7f.1", 5000), plainTo("127.0.0.2", 5000)],
    ["localhost:5000", plainTo("localhost", 5000), plainTo("127.0.0.1", 5000)],
    ["0.0.0.0/0", plainTo("169.254.169.254", 80), plainTo("::1", 80)],
    ["hooks.example.com:9443", tlsTo("hooks.example.com", 9443), tlsTo("hooks.example.com", 9444)],
  ])("%s opens what it names and nothing beside it", (text, open, closed) => {
    const { check } = outbound({ allow: allowing(text) })
    expect(strict.check(open)).toContain("OUTBOUND_ALLOW")
    expect(check(open)).toBeNull()
    expect(check(closed)).toContain("OUTBOUND_ALLOW")
  })

  it.each([
    plainTo("127.0.0.1"),
    plainTo("::1", 514),
    plainTo("localhost"),
    plainTo("fluentd.internal"),
    tlsTo("hooks.example.com", 9443),
    tlsTo("192.168.1.7"),
    tlsTo("169.254.169.254"),
    plainTo("2130706433", 9200),
  ])("is named exactly by the refusal of $host:$port", target => {
    const named = /adds (\S+) to OUTBOUND_ALLOW/.exec(strict.check(target) ?? "")?.[1] ?? ""
    expect(outbound({ allow: allowing(named) }).check(target)).toBeNull()
  })

  it("is not shown to people who may not know the entries of others", () => {
    const { check } = outbound({ allow: allowing("vault.internal:8200") })
    expect(check(plainTo("127.0.0.1"))).not.toContain("vault")
  })
})

test("a host that the operator has configured is allowed for that use and no other", () => {
  const serverSink = outbound({ allow: [], operatorHosts: [{ host: "127.0.0.1", port: 24_224 }] })
  expect(serverSink.check(plainTo("127.0.0.1"))).toBeNull()
  expect(serverSink.check(plainTo("127.0.0.1", 24_225))).toContain("is refused")
  expect(outbound({ allow: [] }).check(plainTo("127.0.0.1"))).toContain("is refused")
})

test.each([
  [
    "public",
    "1.1.1.1 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.20.0.1 223.255.255.255 2606:4700::1 2a00::1",
  ],
  ["loopback", "127.0.0.1 127.255.255.254 ::1"],
  ["private", "10.0.0.1 100.64.0.1 172.16.0.1 172.31.255.255 192.168.0.1 fc00::1 fdff::1"],
  [
    "reserved",
    "0.0.0.0 0.1.2.3 100.100.100.200 168.63.129.16 169.254.169.254 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255",
  ],
  [
    "reserved",
    ":: ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fd00:ec2::254 fd20:ce::254 fe80::1 fec0::1 ff02::1 nonsense",
  ],
])("of these the kind is %s: %s", (kind, ips) => {
  for (const ip of ips.split(" ")) expect(ipKind(ip), ip).toBe(kind)
})
