import { describe, expect, it } from "vitest"
import type { JsonValue } from "@/lib/audit/json/value"
import { assertInstant } from "@/lib/audit/time/instant"
import { queryValue, spelledOf, valuesOf } from "@/test/query-values"
import { type FieldName, fieldNames, fields } from "./fields"
import { parseQuery, parseQueryObject } from "./parse"
import { plainQuery } from "./query"
import { spellValue } from "./value"

const context = { now: assertInstant("2025-11-20T09:30:00.000000Z") }

function parse(text: string) {
  return parseQuery(new URLSearchParams(text), context)
}

function faultsOf(text: string): readonly string[] {
  const parsed = parse(text)
  return parsed.ok ? [] : parsed.faults.map(fault => fault.pointer)
}

function queryOf(text: string) {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.selection
}

describe("a query string", () => {
  it("that says nothing asks for the last 30 days, newest first, as of now", () => {
    expect(parse("")).toEqual({
      ok: true,
      query: plainQuery,
      selection: {
        window: { from: "2025-10-21T09:30:00.000000Z", before: "2025-11-20T09:35:00.000001Z" },
        include: {},
        exclude: {},
        text: null,
        order: "newest",
        asOf: null,
      },
    })
  })

  it("gathers the values of a field, sorted and none twice, and exclusions apart", () => {
    const { include, exclude } = queryOf("actor=b&actor=a&-actor=c&actor=b&status=denied&-ip=203.0.113.9/24")
    expect(spelledOf(include)).toEqual({ actor: ["a", "b"], status: ["denied"] })
    expect(spelledOf(exclude)).toEqual({ actor: ["c"], ip: ["203.0.113.0/24"] })
  })

  it("keeps values as they are, whatever they hold", () => {
    const value = " -a%_\\b*?&=+'\";--💥‮ "
    const params = new URLSearchParams([
      ["actor", value],
      ["text", value],
      ["-target", value],
    ])
    const parsed = parseQuery(params, context)
    expect(parsed.ok && parsed.selection).toMatchObject({
      include: valuesOf({ actor: [value] }),
      exclude: valuesOf({ target: [value] }),
      text: value,
    })
  })

  it("knows an operation by name, by family and by the catalogue's code", () => {
    expect(spelledOf(queryOf("operation=*.delete&operation=*.user.read").include).operation).toEqual([
      "*.delete",
      "*.user.read",
    ])
    for (const wrong of ["*", "*.", "*.*", "a.*.b", "*delete", "*.de*te", "**.delete", "*.delete.*"]) {
      expect(parseQuery([["operation", wrong]], context).ok, wrong).toBe(false)
    }
    expect(
      spelledOf(queryOf("operation=403&operation=workflow.*&operation=Whatever").include).operation,
    ).toEqual(["Whatever", "workflow.*", "workflow_version.create"])
  })

  it("in recorded order asks for the whole log unless it names a window", () => {
    expect(queryOf("order=recorded").window.from).toBe("1970-01-01T00:00:00.000000Z")
    expect(queryOf("order=recorded&window=1h").window.from).toBe("2025-11-20T08:30:00.000000Z")
    expect(queryOf("window=all").window.before).toBe("2200-01-01T00:00:00.000000Z")
  })

  it("reads typed times in its zone", () => {
    expect(queryOf("from=2025-06-01&to=2025-06-01&zone=Asia/Kathmandu").window).toEqual({
      from: "2025-05-31T18:15:00.000000Z",
      before: "2025-06-01T18:15:00.000000Z",
    })
  })

  it.each([
    ["colour=red", "/colour"],
    ["Actor=a", "/Actor"],
    ["--actor=a", "/--actor"],
    ["-text=a", "/-text"],
    ["-=a", "/-"],
    ["__proto__=a", "/__proto__"],
    ["toString=a", "/toString"],
    ["window=31d", "/window"],
    ["window=30d&window=7d", "/window"],
    ["window=30d&from=2025-06-01", "/window"],
    ["from=2025-06-01T10:00+02:00", "/from"],
    ["to=tomorrow", "/to"],
    ["from=2025-06-02&to=2025-06-01", "/to"],
    ["from=2030", "/from"],
    ["window=today&exclude-today=1", "/exclude-today"],
    ["exclude-today=yes", "/exclude-today"],
    ["zone=Mars/Olympus", "/zone"],
    ["status=ok", "/status"],
    ["-status=", "/-status"],
    ["ip=300.1.1.1", "/ip"],
    ["actor=", "/actor"],
    ["actor=%00", "/actor"],
    ["operation=work*flow", "/operation"],
    ["operation=*", "/operation"],
    ["operation=.*", "/operation"],
    ["operation=99999", "/operation"],
    ["text=", "/text"],
    ["text=%20%20", "/text"],
    [`text=${"a".repeat(1_025)}`, "/text"],
    ["order=random", "/order"],
    ["limit=0", "/limit"],
    ["limit=101", "/limit"],
    ["limit=5e1", "/limit"],
    ["limit=050", "/limit"],
    ["cursor=a.b", "/cursor"],
    ["cursor=", "/cursor"],
    [`cursor=${"a".repeat(257)}`, "/cursor"],
    ["as-of=-1", "/as-of"],
    ["as-of=9007199254740992", "/as-of"],
    ["as-of=1.5", "/as-of"],
  ])("that holds %s is refused at %s", (text, pointer) => {
    expect(faultsOf(text)).toEqual([pointer])
  })

  it("has every fault told at once, beside a query that holds what was understood", () => {
    const parsed = parse("status=ok&status=denied&limit=7&zone=x&actor=a&colour=1")
    expect(parsed.ok ? [] : parsed.faults.map(fault => fault.pointer)).toEqual([
      "/status",
      "/colour",
      "/zone",
    ])
    expect(parsed.query).toMatchObject({
      include: valuesOf({ status: ["denied"], actor: ["a"] }),
      limit: 7,
      zone: "UTC",
    })
  })

  it("has no more than 100 values of a field", () => {
    const values = (count: number) => Array.from({ length: count }, (_, at) => `actor=a${at}`).join("&")
    expect(faultsOf(values(100))).toEqual([])
    expect(faultsOf(values(101))).toEqual(["/actor"])
  })

  it("that lost the plus sign of an offset is told so", () => {
    const parsed = parse("from=2025-06-01T10:00+02:00")
    expect(parsed.ok ? "" : parsed.faults[0]?.message).toContain("%2B")
  })
})

describe("a query in JSON", () => {
  it("means the same as the query string", () => {
    const parsed = parseQueryObject(
      {
        from: "2025-06-01",
        to: "2025-06-02",
        zone: "Europe/Berlin",
        excludeToday: false,
        include: { actor: ["b", "a"], operation: ["403"] },
        exclude: { ip: ["203.0.113.9/24"] },
        text: "50 %",
        order: "oldest",
        limit: 20,
        asOf: 12,
      },
      context,
    )
    const text =
      "from=2025-06-01&to=2025-06-02&zone=Europe/Berlin&actor=a&actor=b&operation=403&-ip=203.0.113.9/24" +
      "&text=50%20%25&order=oldest&limit=20&as-of=12"
    expect(parsed).toEqual(parse(text))
    expect(parsed.ok).toBe(true)
  })

  it.each<[JsonValue, string]>([
    [null, ""],
    [[], ""],
    ["actor=a", ""],
    [{ actor: ["a"] }, "/actor"],
    [{ __proto__x: 1 }, "/__proto__x"],
    [JSON.parse('{"__proto__": {"limit": 1}}'), "/__proto__"],
    [{ constructor: 1 }, "/constructor"],
    [{ "exclude-today": true }, "/exclude-today"],
    [{ excludeToday: "1" }, "/excludeToday"],
    [{ limit: "20" }, "/limit"],
    [{ limit: 1.5 }, "/limit"],
    [{ limit: 1e30 }, "/limit"],
    [{ text: null }, "/text"],
    [{ include: [] }, "/include"],
    [{ include: { colour: [] } }, "/include/colour"],
    [{ include: { actor: "a" } }, "/include/actor"],
    [{ exclude: { actor: ["a", 1] } }, "/exclude/actor/1"],
    [{ exclude: { "-actor": ["a"] } }, "/exclude/-actor"],
    [{ include: { status: ["denied", "ok"] } }, "/include/status/1"],
    [{ text: "\ud800" }, "/text"],
    [{ window: "30d", to: "2025" }, "/window"],
  ])("that is %j is refused at %j", (json, pointer) => {
    const parsed = parseQueryObject(json, context)
    expect(parsed.ok ? [] : parsed.faults.map(fault => fault.pointer)).toEqual([pointer])
  })

  it("takes no field for an empty list of values", () => {
    const parsed = parseQueryObject({ include: { actor: [] } }, context)
    expect(parsed.query.include).toEqual({})
  })
})

it("every field can be included and excluded", () => {
  const samples: Partial<Record<FieldName, string>> = { status: "denied", code: "400", ip: "203.0.113.7" }
  for (const field of fieldNames) {
    const value = samples[field] ?? "a"
    const parsed = parse(`${field}=${value}&-${field}=${value}`)
    expect(parsed.query).toMatchObject({
      include: valuesOf({ [field]: [value] }),
      exclude: valuesOf({ [field]: [value] }),
    })
  }
})

describe("a value", () => {
  const samples: Record<FieldName, readonly string[]> = {
    app: ["billing", "a.*", "*.b"],
    operation: ["workflow.create", "workflow.*", "*.delete", "403", "10.0.0.0/8"],
    code: ["400", "0", "0902", "2147483647"],
    status: ["denied"],
    actor: ["ada", "cron.*", "*.delete", "10.0.0.0/8"],
    target: ["one", "workflow:one", "one.*", "10.0.0.0/8"],
    ip: ["203.0.113.7", "203.0.113.9/24", "203.0.113.7/32", "::/0", "2001:DB8::1"],
    request: ["request-1", "request.*", "*.1"],
  }

  it.each(fieldNames)(
    "of %s is compared only as the field declares, and in every way that it declares",
    field => {
      const comparisons = new Set(samples[field].map(text => queryValue(field, text).is))
      expect([...comparisons].sort()).toEqual([...fields[field].comparisons].sort())
    },
  )

  it.each(fieldNames)("of %s is read back from its spelling as the same value", field => {
    for (const text of samples[field]) {
      const value = queryValue(field, text)
      expect(queryValue(field, spellValue(value))).toEqual(value)
    }
  })

  it.each([
    "",
    "-1",
    "+1",
    "4e2",
    "0x10",
    "2147483648",
    "99999999999",
    "4.5",
    " 400",
    "workflow.create",
    "٤٠٠",
  ])("of a code is not %j", text => {
    expect(() => queryValue("code", text)).toThrow("is no whole number from 0 to 2147483647")
  })

  it("carries what a store needs to compare it", () => {
    expect(queryValue("code", "0902")).toEqual({ is: "equal", value: "902" })
    expect(queryValue("operation", "workflow.*")).toEqual({ is: "prefix", value: "workflow." })
    expect(queryValue("operation", "*.delete")).toEqual({ is: "suffix", value: ".delete" })
    expect(queryValue("actor", "cron.*")).toEqual({ is: "equal", value: "cron.*" })
    expect(queryValue("ip", "203.0.113.7/32")).toEqual({ is: "equal", value: "203.0.113.7" })
    expect(queryValue("ip", "203.0.113.9/24")).toEqual({
      is: "range",
      value: "203.0.113.0/24",
      first: "203.0.113.0",
      last: "203.0.113.255",
    })
  })
})
