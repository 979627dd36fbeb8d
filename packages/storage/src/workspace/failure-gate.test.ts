import Driver from "better-sqlite3-multiple-ciphers";
import { expect, test } from "vitest";
import { errorOf } from "../test/expect-error.ts";
import { createLog } from "../test/temporary-workspace.ts";
import { createFailureGate } from "./failure-gate.ts";

function gateAfter(access: "read" | "write", sqliteCode: string) {
  let damages = 0;
  const gate = createFailureGate({
    ...{ path: "/nowhere/workspace.db", readOnly: null, log: createLog() },
    onDamage: () => void damages++,
  });
  const error = errorOf(() =>
    gate.run(access, () => {
      throw new Driver.SqliteError("as SQLite says it", sqliteCode);
    }),
  );
  return { code: error.code, readOnly: gate.readOnly, damages };
}

test("which failures stop further changes, and which do not", () => {
  const table: [Parameters<typeof gateAfter>, ReturnType<typeof gateAfter>][] = [
    [["write", "SQLITE_FULL"], { code: "DISK_FULL", readOnly: null, damages: 0 }],
    [["write", "SQLITE_IOERR_FSYNC"], { code: "DISK_FAILED", readOnly: "write-failure", damages: 0 }],
    [["write", "SQLITE_IOERR_WRITE"], { code: "DISK_FAILED", readOnly: "write-failure", damages: 0 }],
    [["read", "SQLITE_IOERR_READ"], { code: "DISK_FAILED", readOnly: null, damages: 0 }],
    [["read", "SQLITE_CORRUPT"], { code: "DATABASE_UNREADABLE", readOnly: "write-failure", damages: 1 }],
    [["write", "SQLITE_CORRUPT_INDEX"], { code: "DATABASE_UNREADABLE", readOnly: "write-failure", damages: 1 }],
    [["read", "SQLITE_NOTADB"], { code: "DATABASE_UNREADABLE", readOnly: "write-failure", damages: 1 }],
    [["write", "SQLITE_READONLY"], { code: "STORE_READ_ONLY", readOnly: "read-only-disk", damages: 0 }],
    [["write", "SQLITE_BUSY"], { code: "TIMED_OUT", readOnly: null, damages: 0 }],
    [["write", "SQLITE_CANTOPEN"], { code: "DATA_DIR_UNUSABLE", readOnly: null, damages: 0 }],
  ];
  for (const [input, expected] of table) expect([input, gateAfter(...input)]).toEqual([input, expected]);
});

test("errors of the caller's own code pass unchanged and stop nothing", () => {
  const gate = createFailureGate({ path: "/x", readOnly: null, log: createLog(), onDamage: () => undefined });
  const own = Object.assign(new Error("mine"), { code: "ENOSPC" });
  expect(() =>
    gate.run("write", () => {
      throw own;
    }),
  ).toThrow(own);
  expect(gate.readOnly).toBeNull();
});
