import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { outcomes } from "./job-words"
import { type JobRow, JobsTable } from "./jobs-table"

const job: JobRow = {
  name: "deliver-mail",
  state: "done",
  lastStartedAt: "2026-11-21T08:00:00.000Z",
  nextAt: "2026-11-21T09:15:00.000Z",
  error: null,
  isLate: false,
}

/** The text of each cell of the one row. */
function cellsOf(members: Partial<JobRow>): readonly string[] {
  const html = renderToStaticMarkup(<JobsTable jobs={[{ ...job, ...members }]} />)
  return [...html.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = ""]) =>
    cell
      .replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  )
}

test("a row says the job in words, its last run, the outcome and the next run, times with their zone", () => {
  expect(cellsOf({})).toEqual(["Delivery of mails", "2026-11-21 08:00 UTC", "Done", "2026-11-21 09:15 UTC"])
})

test("every state has words of its own, and a time that is not known has words instead", () => {
  const words = Object.values(outcomes).map(({ word }) => word)
  expect(new Set(words).size).toBe(words.length)
  const never = { state: "never-run", lastStartedAt: null, nextAt: null, isLate: true } as const
  expect(cellsOf(never).slice(1)).toEqual(["Never", "Not run yet Overdue", "When a worker starts"])
  expect(cellsOf({ state: "running" }).slice(2)).toEqual(["Running", "After this run"])
  expect(cellsOf({ state: "failed", error: "Unexpected error." })[2]).toBe("Failed Unexpected error.")
})

test("the table names what it lists and its columns", () => {
  const html = renderToStaticMarkup(<JobsTable jobs={[job]} />)
  expect(html).toContain("<caption")
  expect(html.match(/<th scope="col"/g)).toHaveLength(4)
})
