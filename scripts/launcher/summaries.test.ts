import { describe, expect, it } from "vitest"
import { countPlaywright, countVitest } from "./summaries.mjs"

const vitest = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  success: true,
  testResults: [
    { name: "a.test.ts", status: "passed", assertionResults: [{ status: "passed", fullName: "adds" }] },
  ],
}

describe("the count of the unit tests", () => {
  it("is what the report says", () => {
    expect(countVitest(vitest)).toEqual({ passed: 5, failed: 0, skipped: 1, failures: [] })
  })

  it("has a failure for a file that could not be loaded", () => {
    const unloaded = { name: "b.test.ts", status: "failed", message: "no such module", assertionResults: [] }
    expect(countVitest({ ...vitest, success: false, testResults: [unloaded] })).toMatchObject({
      failed: 1,
      failures: [{ name: "b.test.ts", explanation: "no such module" }],
    })
  })

  it("has a failure for a file whose tests could not be prepared, beside tests that were left out", () => {
    const skipped = { status: "skipped", fullName: "adds" }
    const file = { name: "c.test.ts", status: "failed", message: "no database", assertionResults: [skipped] }
    expect(countVitest({ ...vitest, success: false, testResults: [file] })).toMatchObject({
      failed: 1,
      failures: [{ name: "c.test.ts", explanation: "no database" }],
    })
  })

  it("names what failed, and why", () => {
    const failed = {
      status: "failed",
      fullName: "a sum is right",
      failureMessages: ["expected 3 to be 4\n at"],
    }
    const testResults = [{ name: "sum.test.ts", status: "failed", assertionResults: [failed] }]
    expect(countVitest({ ...vitest, numFailedTests: 1, success: false, testResults })).toMatchObject({
      failed: 1,
      failures: [{ name: "sum.test.ts › a sum is right", explanation: "expected 3 to be 4\n at" }],
    })
  })

  it("has a failure for an error outside every test", () => {
    expect(countVitest({ ...vitest, success: false })).toMatchObject({
      failed: 1,
      failures: [{ name: "an error outside every test" }],
    })
  })
})

describe("the count of the browser tests", () => {
  const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 }

  it("is what the report says, a flaky test being a failure", () => {
    expect(countPlaywright({ stats })).toEqual({ passed: 3, failed: 0, skipped: 0, failures: [] })
    expect(countPlaywright({ stats: { ...stats, flaky: 1, unexpected: 1 } }).failed).toBe(2)
  })

  it("has a failure when nothing ran", () => {
    expect(countPlaywright({ stats: { ...stats, expected: 0 } }).failed).toBe(1)
    expect(countPlaywright({ stats, errors: [{}] }).failed).toBe(1)
  })

  it("names what failed, however deep it stands", () => {
    const tests = [{ results: [{ errors: [{ message: "expected a heading" }] }] }]
    const spec = { title: "the log opens", file: "log.spec.ts", line: 7, ok: false, tests }
    const suites = [{ suites: [{ specs: [spec, { ...spec, ok: true, tests: [] }] }] }]
    expect(countPlaywright({ stats: { ...stats, unexpected: 1 }, suites })).toMatchObject({
      failed: 1,
      failures: [{ name: "log.spec.ts:7 › the log opens", explanation: "expected a heading" }],
    })
  })
})
