// What a run is summed up to, and the line it ends with.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * What one step of a test run says. `detail` follows the step's name; `output` is shown when something failed.
 * @typedef {{ counts: Counts, detail: string, output?: string }} StepResult
 */

/**
 * A check that counts as one: passed when it ended well *and* looked at something.
 * @param {{ code: number, output: string, timedOut: boolean }} run
 * @param {number} lookedAt
 * @param {string} what in the plural: "files"
 * @returns {StepResult}
 */
export function oneCheck(run, lookedAt, what) {
  const failed = run.code !== 0 || !(lookedAt > 0);
  const counts = { passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: 0 };
  if (run.timedOut) return { counts, detail: "stopped at its time limit", output: run.output };
  if (run.code !== 0) return { counts, detail: `exit code ${run.code}, ${lookedAt} ${what}`, output: run.output };
  if (failed) return { counts, detail: `looked at no ${what}`, output: run.output };
  return { counts, detail: `${lookedAt} ${what}`, output: run.output };
}

/**
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function sum(parts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    total.passed += part.passed;
    total.failed += part.failed;
    total.skipped += part.skipped;
  }
  return total;
}

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * A run that passed nothing has shown nothing.
 * @param {Counts} counts
 */
export function exitCode({ passed, failed }) {
  return failed > 0 || passed === 0 ? 1 : 0;
}
