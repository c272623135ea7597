import { describe, expect, it } from "vitest"
import type { LogLevel } from "./env/variables"
import { createLog } from "./log"

function capture(level: LogLevel = "debug") {
  const lines: string[] = []
  const log = createLog({
    level: () => level,
    write: line => lines.push(line),
    now: () => new Date("2026-01-02T03:04:05.006Z"),
  })
  const only = () => {
    expect(lines).toHaveLength(1)
    return lines[0] ?? ""
  }
  return { log, lines, only }
}

const HOSTILE = [
  "first\nsecond",
  "first\r\nsecond",
  'quote" }\n{"level":"info"',
  "\u001b[2K\u001b[1Aerased",
  "C1 \u009b31m red",
  "separators \u2028 and \u2029",
  "turned \u202e around \u2066",
  "nul \u0000 del \u007f",
]

describe("the server log", () => {
  it.each(HOSTILE)("writes %j as part of one line", text => {
    const { log, only } = capture()
    log.info("probe", { text, nested: { [text]: [text] } })
    const line = only()
    expect(line.endsWith("\n")).toBe(true)
    const withoutEnd = line.slice(0, -1)
    for (const character of withoutEnd) {
      const code = character.codePointAt(0) ?? 0
      expect(
        code < 0x20 || (code >= 0x7f && code <= 0x9f) || "\u2028\u2029\u202e\u2066".includes(character),
      ).toBe(false)
    }
    expect(JSON.parse(withoutEnd)).toMatchObject({ event: "probe", text, nested: { [text]: [text] } })
  })

  it("cannot have its time, level or event replaced by a field", () => {
    const { log, only } = capture()
    log.warn("real", { level: "info", event: "forged", time: "never", other: 1 })
    expect(JSON.parse(only())).toMatchObject({
      time: "2026-01-02T03:04:05.006Z",
      level: "warn",
      event: "real",
      other: 1,
      fields: { level: "info", event: "forged" },
    })
  })

  it("hides secrets by their name and by their shape", () => {
    const { log, only } = capture()
    log.error("probe", {
      password: "hunter2hunter2",
      headers: { Authorization: "Basic aHVudGVyMg==", Cookie: "session=hunter2" },
      DATABASE_URL: "postgresql://a:hunter2@h/d",
      text: "connect postgresql://app:hunter2@127.0.0.1:5432/x failed, bearer hunter2.hunter2 aud_live_hunter2hunter2",
      link: "http://127.0.0.1:3000/sign-in/link?token=hunter2&x=1",
      path: "/invitations/hunter2hunter2hunter2-_hunter2",
      return: "/sign-in?return=%2Finvitations%2Fhunter2hunter2hunter2",
      error: new Error("no route to postgres://u:hunter2@h/d"),
    })
    expect(only()).not.toContain("hunter2")
    expect(only()).toContain("127.0.0.1:5432/x failed")
  })

  it("hides what events hide: by the same table", () => {
    const { log, only } = capture()
    const token = `ghp_${"A1b2".repeat(10)}`
    log.error("probe", {
      pin: 4711,
      text: `pushed with ${token}, password=open-sesame`,
      cut: `${"x ".repeat(1_990)}${token}`,
      query: "/callback?client_secret=open-sesame&page=2",
    })
    expect(only()).not.toMatch(/4711|A1b2|open-sesame/)
    expect(only()).toContain("pushed with [secret:github], password=[secret]")
    expect(only()).toContain("&page=2")
  })

  it("never throws, whatever it is given", () => {
    const { log, lines } = capture()
    const circular: Record<string, unknown> = {
      big: 10n,
      call: () => 1,
      at: new Date(Number.NaN),
      bytes: new Uint8Array(3),
    }
    circular.self = circular
    const trap = Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => {
        throw new TypeError("trap")
      },
    })
    log.info("circular", circular)
    log.info("trap", trap)
    log.info("long", { text: "x".repeat(100_000) })
    expect(lines.map(line => JSON.parse(line))).toMatchObject([
      {
        big: "10",
        call: "[function]",
        at: "[invalid date]",
        bytes: "[3 bytes]",
        self: { self: "[circular]" },
      },
      { unwritable: "TypeError" },
      { text: expect.stringMatching(/^x{4000}\.\.\. \(96000 more characters\)$/) },
    ])
  })

  it("tells an error with its cause", () => {
    const { log, only } = capture()
    log.error("probe", {
      error: new Error("outer", { cause: Object.assign(new Error("inner"), { code: "ECONNREFUSED" }) }),
    })
    expect(JSON.parse(only()).error).toMatchObject({
      name: "Error",
      message: "outer",
      cause: { message: "inner", code: "ECONNREFUSED" },
    })
  })

  it("tells where a surprise came from, and spares the reader the stack of what was expected", () => {
    const { log, only } = capture()
    const expected = Object.assign(new Error("connect failed"), { code: "ECONNREFUSED" })
    log.error("probe", { surprise: new TypeError("x is not a function"), expected })
    expect(JSON.parse(only())).toMatchObject({ surprise: { stack: expect.stringContaining("log.test.ts") } })
    expect(JSON.parse(only()).expected).toEqual({
      name: "Error",
      message: "connect failed",
      code: "ECONNREFUSED",
    })
  })

  it("says nothing below its level", () => {
    const { log, lines } = capture("warn")
    log.debug("a")
    log.info("b")
    log.warn("c")
    log.error("d")
    expect(lines.map(line => JSON.parse(line).event)).toEqual(["c", "d"])
    const silent = capture("silent")
    silent.log.error("e")
    expect(silent.lines).toEqual([])
  })
})
