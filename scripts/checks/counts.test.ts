import { describe, expect, test } from "vitest";
import { closingLine, exitCode, oneCheck, sum } from "./counts.mjs";
import { countListed, countPlaywright, countVitest } from "./read-reports.mjs";

const well = { code: 0, output: "", timedOut: false };

describe("the sum of a run", () => {
  test("is one line of three numbers, and only a run in which something passed and nothing failed is good", () => {
    const total = sum([
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 40, failed: 2, skipped: 3 },
    ]);
    expect(closingLine(total)).toBe("41 passed, 2 failed, 3 skipped");
    expect(exitCode(total)).toBe(1);
    expect(exitCode({ passed: 1, failed: 0, skipped: 9 })).toBe(0);
    expect(exitCode({ passed: 0, failed: 0, skipped: 9 })).toBe(1);
    expect(closingLine(sum([]))).toBe("0 passed, 0 failed, 0 skipped");
  });

  test("a check that looked at nothing fails, though its tool was content", () => {
    expect(oneCheck(well, 5, "files")).toMatchObject({ counts: { passed: 1, failed: 0 }, detail: "5 files" });
    for (const nothing of [0, Number.NaN]) {
      expect(oneCheck(well, nothing, "files")).toMatchObject({ counts: { failed: 1 }, detail: "looked at no files" });
    }
    expect(oneCheck({ ...well, code: 1 }, 5, "files").counts.failed).toBe(1);
    expect(oneCheck({ ...well, code: 124, timedOut: true }, 5, "files").detail).toContain("time limit");
  });
});

describe("vitest's report", () => {
  const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  });

  test("is added up", () => {
    expect(countVitest(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
    const failing = { ...report, numFailedTests: 2, testResults: [file("failed", "failed", "failed", "passed")] };
    expect(countVitest(failing, 1)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  test("a file that could not be loaded is a failure, not an absence", () => {
    expect(countVitest({ ...report, testResults: [file("failed"), file("failed", "passed")] }, 1).failed).toBe(2);
  });

  test("an error outside of every test, no test at all, and no report are failures", () => {
    expect(countVitest(report, 1).failed).toBe(1);
    expect(countVitest({ ...report, numPassedTests: 0 }, 0).failed).toBe(1);
    expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("Playwright's report", () => {
  const stats = { expected: 4, unexpected: 0, flaky: 0, skipped: 2 };

  test("is added up; what passed at the second try did not pass", () => {
    expect(countPlaywright({ stats }, 0)).toEqual({ passed: 4, failed: 0, skipped: 2 });
    expect(countPlaywright({ stats: { ...stats, unexpected: 1, flaky: 1 } }, 1).failed).toBe(2);
  });

  test("a server that did not start, no journey, and no report are failures", () => {
    expect(countPlaywright({ stats }, 1).failed).toBe(1);
    expect(countPlaywright({ stats: { ...stats, expected: 0, skipped: 0 } }, 0).failed).toBe(1);
    expect(countPlaywright(undefined, 1).failed).toBe(1);
  });

  test("listed journeys are counted through nested groups and per project", () => {
    const suites = [
      { specs: [{ tests: [1, 2] }], suites: [{ specs: [{ tests: [1] }, { tests: [1] }] }] },
      { suites: [] },
    ];
    expect(countListed({ suites })).toBe(4);
    expect(countListed({})).toBe(0);
  });
});
