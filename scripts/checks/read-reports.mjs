// Counts from the JSON reports of vitest and Playwright.

/** @typedef {import("./counts.mjs").Counts} Counts */

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * A file that cannot be loaded has no failed test in the report, and an error outside of every test neither:
 * both count as one failure.
 * @param {VitestReport | undefined} report undefined when none was written
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countVitest(report, exitCode) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed, failed: atLeastOne(report.numFailedTests + broken, exitCode, passed), skipped };
}

/**
 * A test that passed at its second try is not reliable: it counts as failed.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | undefined} report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countPlaywright(report, exitCode) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: atLeastOne(unexpected + flaky, exitCode, expected + skipped), skipped };
}

/**
 * How many tests a Playwright report lists, whatever became of them.
 * @typedef {{ specs?: { tests: unknown[] }[], suites?: Suite[] }} Suite
 * @param {Suite} suite
 * @returns {number}
 */
export function countListed(suite) {
  const own = (suite.specs ?? []).reduce((total, spec) => total + spec.tests.length, 0);
  return (suite.suites ?? []).reduce((total, inner) => total + countListed(inner), own);
}

/**
 * @param {number} failed
 * @param {number} exitCode
 * @param {number} seen
 */
function atLeastOne(failed, exitCode, seen) {
  return failed === 0 && (exitCode !== 0 || seen === 0) ? 1 : failed;
}
