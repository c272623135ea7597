import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { makeCertificates } from "@/sdk/test/proxy/peers"
import { outboundFor } from "@/test/sinks/outbound-for"
import { fluentd } from "./fluentd"

describe("settings", () => {
  const wrong: readonly (readonly [string, readonly unknown[]])[] = [
    ["host", ["tcp://fluentd", "fluentd:24224", "fluentd/x", "a b", "", "ada@fluentd", "[::1]:24224", null]],
    ["port", [0, 65_536, 1.5, "24224"]],
    ["tag", ["", ".a", "a.", "a..b", "a b", "a\nb", "a*"]],
    ["suffix", ["weekly", null]],
    ["chunkBytes", [1023, 1e9]],
  ]

  it.each(wrong.flatMap(([name, values]) => values.map(value => ({ name, value }))))(
    "$name $value is refused with a pointer",
    ({ name, value }) => {
      const { error } = fluentd.settings.safeParse({ host: "fluentd.example.com", [name]: value })
      expect(error?.issues.map(issue => issue.path)).toEqual([[name]])
    },
  )

  it("have no place for a secret", () => {
    const { error } = fluentd.settings.safeParse({ host: "fluentd.example.com", sharedKey: "x" })
    expect(error?.issues).toMatchObject([{ code: "unrecognized_keys", keys: ["sharedKey"] }])
  })

  it("have ClearML's port and tag unless others are given", () => {
    expect(fluentd.settings.parse({ host: " [2001:db8::1] " })).toMatchObject({
      host: "2001:db8::1",
      port: 24_224,
      tag: "clearml.apiserver.api-logs",
      tls: true,
    })
  })

  it("with a private key, or something else than a certificate, are refused before anything is sent", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-fluentd-"))
    const certificates = makeCertificates(folder)
    fs.rmSync(folder, { recursive: true })
    const check = (ca: string) =>
      fluentd
        .check(
          fluentd.settings.parse({ host: "localhost", port: 24_224, ca }),
          outboundFor(["localhost:24224"]),
        )
        .map(({ pointer }) => pointer)
    expect(check(certificates.ca)).toEqual([])
    expect(check(certificates.key)).toEqual(["/ca"])
    expect(check(`${certificates.ca}\n${certificates.key}`)).toEqual(["/ca"])
    expect(check("a certificate")).toEqual(["/ca"])
    expect(check(certificates.ca.replace(/[A-Z]{8}/, "AAAAAAAA"))).toEqual(["/ca"])
  })
})
