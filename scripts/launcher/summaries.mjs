// @ts-check
// The reports of the two test runners, in one form.

/** @typedef {{ readonly name: string, readonly explanation: string }} Failure one that failed, and why */
/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number, readonly failures: readonly Failure[] }} Count */
/** @typedef {{ status: string, fullName: string, failureMessages?: readonly string[] | null }} Assertion */
/** @typedef {{ message?: string }} PlaywrightError */
/** @typedef {{ title: string, file: string, line: number, ok: boolean, tests: readonly { results: readonly { errors?: readonly PlaywrightError[] }[] }[] }} Spec */
/** @typedef {{ specs?: readonly Spec[], suites?: readonly Suite[] }} Suite */

/**
 * Returns the tests of a vitest report; a file that could not be loaded, or whose setup failed, is one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, success: boolean, testResults: readonly { name: string, status: string, message?: string, assertionResults: readonly Assertion[] }[] }} report
 * @returns {Count}
 */
export function countVitest({
  numPassedTests,
  numFailedTests,
  numPendingTests,
  numTodoTests,
  success,
  testResults,
}) {
  const unprepared = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some(isFailed),
  )
  const failed = numFailedTests + unprepared.length
  // An error outside of every test fails the run without failing a test.
  const isOutside = failed === 0 && !success
  return {
    passed: numPassedTests,
    failed: isOutside ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
    failures: [
      ...unprepared.map(({ name, message }) => failure(name, [message])),
      ...testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(isFailed)
          .map(({ fullName, failureMessages }) => failure(`${name} › ${fullName}`, failureMessages)),
      ),
      ...(isOutside ? [failure("an error outside every test", ["It is printed where the tests ran."])] : []),
    ],
  }
}

const isFailed = (/** @type {Assertion} */ { status }) => status === "failed"

/**
 * Returns the tests of a Playwright report; a run without tests, or with an error outside of one, is a failure.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors?: readonly PlaywrightError[], suites?: readonly Suite[] }} report
 * @returns {Count}
 */
export function countPlaywright({ stats, errors = [], suites = [] }) {
  const failed = stats.unexpected + stats.flaky + errors.length
  const isEmpty = failed === 0 && stats.expected === 0
  return {
    passed: stats.expected,
    failed: isEmpty ? 1 : failed,
    skipped: stats.skipped,
    failures: [
      ...errors.map(({ message }) => failure("an error outside every test", [message])),
      ...suites.flatMap(specsOf).filter(isBad).map(specFailure),
      ...(isEmpty ? [failure("no browser test ran", [])] : []),
    ],
  }
}

/** @type {(suite: Suite) => readonly Spec[]} */
const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)]

const errorsOf = (/** @type {Spec} */ { tests }) =>
  tests.flatMap(({ results }) => results.flatMap(({ errors = [] }) => errors.map(({ message }) => message)))

// A test that passed at the second attempt still has the errors of the first.
const isBad = (/** @type {Spec} */ spec) => !spec.ok || errorsOf(spec).length > 0

const specFailure = (/** @type {Spec} */ spec) =>
  failure(`${spec.file}:${spec.line} › ${spec.title}`, errorsOf(spec))

/** @type {(name: string, messages: readonly (string | undefined)[] | null | undefined) => Failure} */
function failure(name, messages) {
  return { name, explanation: messages?.find(message => message !== undefined && message !== "") ?? "" }
}
