import { expect, it } from "vitest"
import { parseQuery } from "@/lib/audit/query/parse"
import { assertInstant } from "@/lib/audit/time/instant"
import { locateFaults } from "./faults"

const context = { now: assertInstant("2026-03-31T12:00:00.000000Z") }

function locate(search: string) {
  const parameters = [...new URLSearchParams(search)]
  const parsed = parseQuery(parameters, context)
  if (parsed.ok) throw new Error("the test asks a query that is understood")
  return locateFaults(parameters, parsed.faults, context)
}

it("one bad value of several can be taken out alone", () => {
  expect(locate("status=failure&status=exploded&text=key")).toEqual([
    {
      name: "status",
      message: '"exploded" is none of success, failure, denied, unknown',
      remedy: "status=failure&text=key",
    },
  ])
})

it("an app that is none here is taken out without the others", () => {
  const parameters = [...new URLSearchParams("app=billing&app=bling&status=failure")]
  const fault = { pointer: "/app", message: '"bling" is no app here' }
  expect(locateFaults(parameters, [fault], context)[0]?.remedy).toBe("app=billing&status=failure")
})

it("an unknown parameter is named as it is spelled, and taken out", () => {
  const [fault] = locate("a%2Fb~c=1&text=key")
  expect(fault?.name).toBe("a/b~c")
  expect(fault?.remedy).toBe("text=key")
})

it("a fault of two parameters together takes the named one out", () => {
  expect(locate("window=7d&from=2026-03-01")[0]).toMatchObject({ name: "window", remedy: "from=2026-03-01" })
  expect(locate("from=2026-03-07&to=2026-03-01")[0]).toMatchObject({ name: "to", remedy: "from=2026-03-07" })
  expect(locate("zone=UTC&zone=Europe%2FBerlin&text=key")[0]).toMatchObject({
    name: "zone",
    remedy: "text=key",
  })
})

it("taking each fault out in turn leads to a query that is understood", () => {
  let search =
    "status=exploded&-ip=999.1.1.1&ip=10.0.0.0/8&nonsense=&limit=1000&from=2026-03-07&to=2026-03-01"
  for (let step = 0; !parseQuery(new URLSearchParams(search), context).ok; step++) {
    expect(step).toBeLessThan(6)
    search = locate(search)[0]?.remedy ?? ""
  }
  expect(search).toBe("ip=10.0.0.0%2F8&from=2026-03-07")
})
