// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitutions are what HOCON calls them
import { describe, expect, it } from "vitest"
import { HoconError, parseHocon, parseHoconValue } from "./hocon"

const read = (text: string) =>
  Object.fromEntries(parseHocon(text).map(({ path, value }) => [path.join("/"), value]))
const value = (text: string) => parseHoconValue(text).map(entry => entry.value)[0]

function errorOf(text: string, parse: (text: string) => unknown = parseHocon) {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof HoconError) return `${error.line}: ${error.message}`
    throw error
  }
  return "accepted"
}

describe("a configuration", () => {
  it("has objects, dotted and quoted keys, both separators, comments and arrays", () => {
    const text = `
      // the server
      watch: false  # not needed
      log_calls = true
      apilog {
        adapter: raw_log // to stdout
        rotation.time = "monthly"
        log_fields { auth.enabled: yes, headers { enabled = off } }
      }
      endpoints {
        "users.get_all" { log_call: false }
        workers.status_report { log_data: ["queue", tags
          more]
          log_result_data = null }
      }
      url = http://host:1/x//y
      words = some  bare words, after = 1.5e3
      a."b.c".d = """ any "text" \\n
      on two lines""""
    `
    expect(read(text)).toEqual({
      watch: false,
      log_calls: true,
      "apilog/adapter": "raw_log",
      "apilog/rotation/time": "monthly",
      "apilog/log_fields/auth/enabled": "yes",
      "apilog/log_fields/headers/enabled": "off",
      "endpoints/users.get_all/log_call": false,
      "endpoints/workers/status_report/log_data": ["queue", "tags", "more"],
      "endpoints/workers/status_report/log_result_data": null,
      url: "http://host:1/x//y",
      words: "some  bare words",
      after: 1_500,
      "a/b.c/d": ' any "text" \\n\n      on two lines"',
    })
  })

  it("may have braces around it, no line break at the end, and those of other systems", () => {
    expect(read("\ufeff{a: 1\r\nb {c = 2}}")).toEqual({ a: 1, "b/c": 2 })
    expect(read("")).toEqual({})
    expect(read("# nothing")).toEqual({})
    expect(read("a=1,\n,b=2".replace("\n,", "\n"))).toEqual({ a: 1, b: 2 })
  })

  it("merges objects and lets the later value win", () => {
    expect(read("a {b: 1, c: 1}\na.b = 2\na {d: 3}")).toEqual({ "a/b": 2, "a/c": 1, "a/d": 3 })
    expect(read("a {b: 1}\na = 2")).toEqual({ a: 2 })
    expect(read("a = 2\na {b: 1}")).toEqual({ "a/b": 1 })
  })

  it("counts lines, also through texts of several lines", () => {
    const lines = parseHocon('a = 1\n\nb {\n  c = """x\ny"""\n  d: [1,\n2]\n}\ne = 5').map(
      entry => entry.line,
    )
    expect(lines).toEqual([1, 4, 6, 9])
  })

  it("has members of any name", () => {
    expect(parseHocon("__proto__.x = 1\nconstructor = 2\nlist = [{__proto__: 3}]")).toMatchObject([
      { path: ["__proto__", "x"], value: 1 },
      { path: ["constructor"], value: 2 },
      { path: ["list"] },
    ])
    expect(Object.prototype).not.toHaveProperty("x")
  })

  it.each([
    ['a = 1\ninclude "other.conf"', "2: include is not supported"],
    ['include file("x")', "1: include is not supported"],
    ['a {\n  include required(file("x"))\n}', "2: include is not supported"],
    ["a = ${x}", "1: a substitution is not supported"],
    ["a = 1\nb = x${?HOME}y", "2: a substitution is not supported"],
    ["a = [${x}]", "1: a substitution is not supported"],
    ["a = ${x} {b: 1}", "1: a substitution is not supported"],
    ["${x} = 1", "1: a substitution is not supported"],
    ["a += 1", "1: += is not supported"],
    ["a = 1\nb", "2: b has no value"],
    ["a =\nb = 1", "1: a has no value"],
    ["a = # none\nb = 1", "1: a has no value"],
    ["a {\nb = 1", "2: } is missing at the end"],
    ["a = [1, 2", "1: ] is missing at the end"],
    ["a = 1 }", "1: } is not expected here"],
    ["a {b: 1} c {d: 2}", "1: c is not expected here"],
    ['a = "open\nb = 1', "1: a quoted text is not closed"],
    ['a = """open', '1: """ is not closed'],
    ['a = "\\x"', '1: "\\x" is no valid quoted text'],
    ["a = x [1]", "1: [ is not expected inside a text"],
    ["a..b = 1", "1: a name is expected"],
    ["= 1", "1: a name is expected"],
    ["{a: 1} b", "1: b is not expected here"],
    ["a = [1 [2]]", "1: [ is not expected inside a text"],
  ])("is refused with its line: %j", (text, message) => {
    expect(errorOf(text)).toBe(message)
  })

  it("takes the words of what it refuses inside texts, comments and longer names", () => {
    const text =
      'a = "include ${x}" # include "y" ${z}\nincludes = 1\nb = include this\nc = $x\n"include" = 2'
    expect(read(text)).toEqual({ a: "include ${x}", includes: 1, b: "include this", c: "$x", include: 2 })
  })

  it("is refused rather than followed to any depth", () => {
    for (const text of [
      "[".repeat(50_000),
      "{a:".repeat(50_000),
      `${"a.".repeat(50_000)}b = 1`,
      `a=${"[".repeat(65)}`,
    ])
      expect(errorOf(text)).toMatch(/deepest|expected/)
    expect(errorOf(`a = ${"[".repeat(50_000)}`, parseHocon)).toMatch(/deepest/)
  })
})

describe("a value", () => {
  it.each([
    ["true", true],
    ["TRUE", "TRUE"],
    [" 24224 ", 24_224],
    ["-1.5", -1.5],
    ["007", "007"],
    ["1e999", "1e999"],
    ["raw_log", "raw_log"],
    ['"quoted # text"', "quoted # text"],
    ['"a" b "c"', "a b c"],
    ['["queue", "tags"]', ["queue", "tags"]],
    ['[a, "b", 3, true,]', ["a", "b", 3, true]],
    ["[]", []],
    ["[{host: es, port: 9200}]", [{ host: "es", port: 9_200 }]],
    ["null", null],
    ["fluentd.example:24224", "fluentd.example:24224"],
    ["bare # comment", "bare"],
    ['""', ""],
  ])("%j is %j", (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  it("may be an object, whose members are entries", () => {
    expect(parseHoconValue("{adapter: raw_log, rotation.time: yearly}")).toEqual([
      { path: ["adapter"], value: "raw_log", line: 1 },
      { path: ["rotation", "time"], value: "yearly", line: 1 },
    ])
  })

  it.each(["", "true, false", "[1", "a\nb", "${HOME}"])("is refused when it is %j", text => {
    expect(errorOf(text, parseHoconValue)).not.toBe("accepted")
  })
})
