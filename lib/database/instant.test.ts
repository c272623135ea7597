import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { dateText, instantText } from "./instant"

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

const instants = [
  "1970-01-01T00:00:00.000000Z",
  "2025-01-17T12:04:55.449860Z",
  "2026-03-29T01:30:00.000001Z",
  "2199-12-31T23:59:59.999999Z",
]

test.each(["UTC", "Europe/Berlin", "Pacific/Apia"])(
  "an instant comes back from SQL as it went in, whatever the session's zone: %s",
  async zone => {
    await database.owner.query("SELECT set_config('TimeZone', $1, false)", [zone])
    const { rows } = await database.owner.query(
      `SELECT at, ${instantText("at::timestamptz")} AS instant, ${dateText("at::timestamptz")} AS date FROM unnest($1::text[]) at`,
      [instants],
    )
    expect(rows).toEqual(instants.map(at => ({ at, instant: at, date: `${at.slice(0, 23)}Z` })))
    expect(rows.map(({ date }) => new Date(date).toISOString())).toEqual(rows.map(({ date }) => date))
  },
)
