import { describe, expect, it } from "vitest"
import { countPlaywright, countVitest } from "./summaries.mjs"

const vitest = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  success: true,
  testResults: [{ status: "passed", assertionResults: [{}] }],
}

describe("the count of the unit tests", () => {
  it("is what the report says", () => {
    expect(countVitest(vitest)).toEqual({ passed: 5, failed: 0, skipped: 1 })
  })

  it("has a failure for a file that could not be loaded", () => {
    const unloaded = { status: "failed", assertionResults: [] }
    expect(countVitest({ ...vitest, success: false, testResults: [unloaded] }).failed).toBe(1)
  })

  it("has a failure for an error outside every test", () => {
    expect(countVitest({ ...vitest, success: false }).failed).toBe(1)
  })
})

describe("the count of the browser tests", () => {
  const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 }

  it("is what the report says, a flaky test being a failure", () => {
    expect(countPlaywright({ stats })).toEqual({ passed: 3, failed: 0, skipped: 0 })
    expect(countPlaywright({ stats: { ...stats, flaky: 1, unexpected: 1 } }).failed).toBe(2)
  })

  it("has a failure when nothing ran", () => {
    expect(countPlaywright({ stats: { ...stats, expected: 0 } }).failed).toBe(1)
    expect(countPlaywright({ stats, errors: [{}] }).failed).toBe(1)
  })
})
