import type { DesksideError } from "@deskside/base";
import { deskError, type ggufProblems } from "@deskside/contract";

type GgufProblem = (typeof ggufProblems)[number];

/** The typed errors of one file. Texts inside `detail` are for logs; names from the file are cut short. */
export interface GgufFailures {
  /** `at`: byte offset where reading stopped. */
  invalid(problem: GgufProblem, at: number, detail: string): DesksideError;
  /** `expectedBytes`: the least size the file must have for what it announces. */
  truncated(expectedBytes: number, actualBytes: number): DesksideError;
  unsupported(architecture: string): DesksideError;
  unreadable(detail: string, cause?: unknown): DesksideError;
}

export function createGgufFailures(path: string): GgufFailures {
  return {
    invalid: (problem, at, detail) => deskError("GGUF_INVALID", { path, problem, at, detail: shorten(detail, 300) }),
    truncated: (expectedBytes, actualBytes) => deskError("GGUF_TRUNCATED", { path, expectedBytes, actualBytes }),
    unsupported: (architecture) => deskError("GGUF_UNSUPPORTED", { path, architecture: shorten(architecture, 80) }),
    unreadable: (detail, cause) =>
      deskError("MODEL_NOT_READABLE", { path, detail }, cause === undefined ? {} : { cause }),
  };
}

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}
