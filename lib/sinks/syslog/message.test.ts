import { describe, expect, it } from "vitest"
import type { EventContent } from "@/lib/audit/event/event"
import { acme, batchOf } from "@/test/sinks/batch"
import { cefLine } from "./cef"
import { frameOf, messageOf } from "./message"
import { syslogSettings } from "./settings"

const settings = syslogSettings.parse({ host: "syslog.example.com" })
const eventOf = (content: Partial<EventContent> = {}) => {
  const [outgoing] = batchOf([content]).events
  if (outgoing === undefined) throw new Error("There is no event.")
  return outgoing
}
const message = (content: Partial<EventContent> = {}, change: object = {}) =>
  messageOf(eventOf(content), acme, { ...settings, ...change })

// The grammar of RFC 5424, section 6, for what we write.
const rfc5424 =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([!-~]{1,255}) ([!-~]{1,48}) - ([!-~]{1,32}) (\[auditorium@32473(?: [!-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")+\]) (.*)$/s

describe("a message of RFC 5424", () => {
  it("has every part of the header, and the event as JSON after a byte order mark", () => {
    const outgoing = eventOf()
    expect(message()).toBe(
      `<174>1 2026-11-20T10:11:12.345678Z acme auditorium - workflow_version.create ` +
        `[auditorium@32473 id="${outgoing.event.id}" index="0" organization="acme" operation="workflow_version.create" ` +
        `status="success" actorType="user" actor="ada" targetType="workflow" target="invoices" ip="192.0.2.7"] ` +
        `\ufeff${outgoing.line}`,
    )
  })

  it.each([
    ["success", "local5", 174],
    ["failure", "local5", 172],
    ["denied", "local5", 172],
    ["unknown", "local5", 173],
    ["success", "local0", 134],
    ["failure", "local7", 188],
    ["unknown", "log-audit", 109],
  ] as const)("of an event with %s for %s has the priority %i", (status, facility, priority) => {
    expect(rfc5424.exec(message({ status }, { facility }))?.[1]).toBe(String(priority))
  })

  it.each([
    ['a "quote"', 'actor="a \\"quote\\""'],
    ["back\\slash", 'actor="back\\\\slash"'],
    ["a ] bracket", 'actor="a \\] bracket"'],
    ['\\"]', 'actor="\\\\\\"\\]"'],
    ["two\nlines", 'actor="two lines"'],
    ["nul\u0000 and \u2028", 'actor="nul  and  "'],
    ["äöü 漢字 😀", 'actor="äöü 漢字 😀"'],
  ])("has the structured data of an actor %j without breaking out of it", (id, written) => {
    const text = message({ actor: { type: "user", id } })
    expect(rfc5424.exec(text)?.[6]).toContain(written)
  })

  it("is within the limits of the header whatever the event has", () => {
    const text = message(
      { operation: "x".repeat(120) },
      { hostname: "h".repeat(255), appName: "a".repeat(48) },
    )
    expect(rfc5424.exec(text)?.[5]).toBe("x".repeat(32))
    expect(text).toContain(`operation="${"x".repeat(120)}"`)
  })

  it("can do without the byte order mark", () => {
    expect(message({}, { byteOrderMark: false })).not.toContain("\ufeff")
  })
})

describe("a frame", () => {
  it("begins with the number of bytes, not of characters", () => {
    const frame = frameOf(eventOf({ description: "漢字 😀\n" }), acme, settings)
    if ("tooLarge" in frame) throw new Error("It is too large.")
    const [, length, rest] = /^(\d+) ([\s\S]*)$/.exec(Buffer.from(frame).toString()) ?? []
    expect(Buffer.byteLength(rest ?? "")).toBe(Number(length))
  })

  it("is refused when the receiver would cut it, with its size, and taken at exactly the limit", () => {
    const size = Buffer.byteLength(message())
    expect(frameOf(eventOf(), acme, { ...settings, messageBytes: size - 1 })).toEqual({ tooLarge: size })
    expect(frameOf(eventOf(), acme, { ...settings, messageBytes: size })).toBeInstanceOf(Uint8Array)
  })
})

describe("CEF", () => {
  it("is one line with the header, the severity and the extension", () => {
    const { event } = eventOf({ status: "denied", http: { method: "POST", path: "/a?b=c" } })
    expect(cefLine(event, acme)).toBe(
      `CEF:0|Auditorium|Auditorium|1|workflow_version.create|Ada created version 7 of the workflow Invoices|7|` +
        `rt=1795169472345 externalId=${event.id} act=workflow_version.create cat=workflow outcome=denied suid=ada ` +
        `suser=Ada Lovelace src=192.0.2.7 requestClientApplication=test requestMethod=POST request=/a?b\\=c ` +
        `msg=Ada created version 7 of the workflow Invoices cs1Label=organization cs1=acme cs2Label=targetType ` +
        `cs2=workflow cs3Label=targetId cs3=invoices cs4Label=targetName cs4=Invoices cs5Label=actorType cs5=user ` +
        `cs6Label=requestId cs6=request-1 cn1Label=index cn1=0`,
    )
  })

  it("cannot be broken out of, in the header or in the extension", () => {
    const description = "a|b\\c=d\r\ne\nf\u2028g\rh"
    const line = cefLine(eventOf({ description }).event, acme)
    expect(line).not.toMatch(/[\r\n\u2028]/)
    expect(line).toContain("|a\\|b\\\\c=d e f g h|")
    expect(line).toContain("msg=a|b\\\\c\\=d\\ne\\nf\\ng\\rh ")
    expect(
      line
        .replace(/\\[\\|]/g, "")
        .split("|")
        .slice(0, 8),
    ).toHaveLength(8)
  })

  it("names a source that is no ip as a host, and leaves out what the event does not have", () => {
    const { event } = eventOf({ source: { ip: null, ipText: "build host" }, targets: [] })
    const line = cefLine(event, acme)
    expect(line).toContain(" shost=build host ")
    expect(line).not.toMatch(/ src=|undefined|null|cs2/)
    const { source: _, requestId: __, ...bare } = event
    expect(cefLine(bare, acme)).not.toMatch(/shost|undefined|cs6/)
  })

  it("is the message of a syslog sink that asks for it, without a byte order mark", () => {
    expect(message({}, { message: "cef" })).toMatch(/\] CEF:0\|Auditorium\|/)
  })
})
