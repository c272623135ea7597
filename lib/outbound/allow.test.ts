import { expect, test } from "vitest"
import { parseOutboundAllow } from "./allow"

test.each([
  ["", []],
  [" , ,", []],
  ["10.0.0.0/8", [{ network: "10.0.0.0/8", port: null }]],
  ["10.9.8.7/8:9200", [{ network: "10.0.0.0/8", port: 9200 }]],
  ["127.0.0.1", [{ network: "127.0.0.1", port: null }]],
  ["127.0.0.1:24224", [{ network: "127.0.0.1", port: 24_224 }]],
  ["::1", [{ network: "::1", port: null }]],
  ["[::1]:9200", [{ network: "::1", port: 9200 }]],
  [
    "[fd00::/8]:9200 fd00:0::/8",
    [
      { network: "fd00::/8", port: 9200 },
      { network: "fd00::/8", port: null },
    ],
  ],
  ["::ffff:10.0.0.1", [{ network: "10.0.0.1", port: null }]],
  [
    "Fluentd.Internal.:24224,logs",
    [
      { host: "fluentd.internal", port: 24_224 },
      { host: "logs", port: null },
    ],
  ],
  ["bücher.example", [{ host: "xn--bcher-kva.example", port: null }]],
  [
    "a_b.example\n10.0.0.1",
    [
      { host: "a_b.example", port: null },
      { network: "10.0.0.1", port: null },
    ],
  ],
])("%j is understood", (text, entries) => {
  expect(parseOutboundAllow(text)).toEqual(entries)
})

test.each([
  "https://hooks.example.com",
  "hooks.example.com/path",
  "*",
  "*.example.com",
  "10.0.0.0/33",
  "10.0.0.0/8/8",
  "hooks.example.com:0",
  "hooks.example.com:65536",
  "hooks.example.com:https",
  "hooks.example.com:",
  "24224",
  "127.1",
  "0x7f.1",
  "fe80::1%eth0:80",
  "[::1",
  "user@host",
  "-",
  "a..b",
  "10.0.0.1, nonsense/",
])("%j is refused, so that no entry is silently without effect", text => {
  expect(parseOutboundAllow(text)).toBeNull()
})
