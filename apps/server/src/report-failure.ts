import { type ErrorKind, isDesksideError } from "@deskside/base";
import { createWords, describeError, toErrorData } from "@deskside/ui/words";

const exitCodeOfKind: Record<ErrorKind, number> = {
  "invalid-input": 2,
  "not-found": 3,
  conflict: 4,
  precondition: 5,
  unsupported: 6,
  exhausted: 7,
  unavailable: 8,
  denied: 9,
  external: 10,
  internal: 70,
};

/** As shells have it for Ctrl-C. */
const exitCodeOfInterrupt = 130;

/** Tells a failure: in words on stderr, or as one JSON value on stdout. Returns the exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  const data = toErrorData(error);
  if (!isDesksideError(error))
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  const { title, body } = describeError(data, createWords(systemLanguages()));
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ error: { code: data.code, kind: data.kind, data: data.data, message: `${title} ${body}` } })}\n`,
    );
  } else {
    process.stderr.write(`${title}\n${body}\n`);
  }
  return data.code === "DOWNLOAD_PAUSED" ? exitCodeOfInterrupt : exitCodeOfKind[data.kind];
}

/** As the shell says, for `createWords`. */
export function systemLanguages(): string[] {
  const named = process.env["LC_ALL"] ?? process.env["LC_MESSAGES"] ?? process.env["LANG"] ?? "";
  const tag = named.split(".")[0]?.replace("_", "-") ?? "";
  return tag === "" || tag === "C" || tag === "POSIX" ? [Intl.DateTimeFormat().resolvedOptions().locale] : [tag];
}
