import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProcessSpawner } from "@deskside/contract/shell";
import { describeForkedChild } from "@deskside/rpc/node";

/** The program of a real engine process. */
export const engineEntry = fileURLToPath(new URL("../../../engine/src/test/engine-child.ts", import.meta.url));

/** Children of the real kind, kept so that a test can kill them. */
export function createTestSpawner(entry = engineEntry): ProcessSpawner & { readonly children: ChildProcess[] } {
  const children: ChildProcess[] = [];
  return {
    children,
    async spawn(_kind, options) {
      const child = fork(entry, options.args, {
        env: { ...options.env, PATH: process.env["PATH"] ?? "" },
        serialization: "advanced",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      children.push(child);
      return describeForkedChild(child);
    },
  };
}
