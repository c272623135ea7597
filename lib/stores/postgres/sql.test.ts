import { describe, expect, it } from "vitest"
import { all, any, render, sql } from "./sql"

describe("statements", () => {
  it("never hold a value in their text", () => {
    const hostile = "'; DROP TABLE ledger.event; --"
    const { text, values } = render(
      sql`SELECT ${hostile} WHERE ${sql`a = ${hostile} AND b IN (${[hostile]})`} LIMIT ${5}`,
    )
    expect(text).toBe("SELECT $1 WHERE a = $2 AND b IN ($3) LIMIT $4")
    expect(values).toEqual([hostile, hostile, [hostile], 5])
  })

  it("number the values of a piece that is used twice, each time anew", () => {
    const piece = sql`x = ${1}`
    expect(render(sql`${piece} OR ${piece}`)).toEqual({ text: "x = $1 OR x = $2", values: [1, 1] })
  })

  it("take null and an object for values, not for pieces", () => {
    expect(render(sql`${null} ${{ texts: 1 }}`)).toEqual({ text: "$1 $2", values: [null, { texts: 1 }] })
  })

  it("join conditions so that none, one and many mean what they say", () => {
    const [one, two] = [sql`a = ${1}`, sql`b`]
    expect(render(all([])).text).toBe("true")
    expect(render(all([one, two])).text).toBe("a = $1 AND b")
    expect(render(any([])).text).toBe("false")
    expect(render(any([one])).text).toBe("a = $1")
    expect(render(sql`c AND ${any([one, two])}`).text).toBe("c AND (a = $1 OR b)")
  })
})
