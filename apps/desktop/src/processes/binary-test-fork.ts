import childProcess, { type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";
import { createId } from "@deskside/base";
import type { ParentPort } from "electron";
import { type FromChild, toChildSchema } from "../messages/backend-messages.ts";

/**
 * Inside this process, sends the one fork that node-llama-cpp makes (its test of a native binary) to main, which runs
 * it as a utility process. Must be called before the library is imported. Every other fork stays what it is: refused
 * by the RunAsNode fuse (ADR 0005).
 */
export function forkBinaryTestsThroughMain(parent: ParentPort): void {
  const tests = new Map<string, EventEmitter>();
  parent.on("message", ({ data }) => {
    const parsed = toChildSchema.safeParse(data);
    if (!parsed.success || parsed.data.type === "connect") return;
    const test = tests.get(parsed.data.id);
    if (parsed.data.type === "test-message") test?.emit("message", parsed.data.message);
    else {
      tests.delete(parsed.data.id);
      Object.assign(test ?? {}, { exitCode: parsed.data.exitCode });
      test?.emit("exit", parsed.data.exitCode, null);
    }
  });

  const fork = childProcess.fork;
  const forkTest = (): ChildProcess => {
    const id = createId("test");
    const tell = (message: FromChild) => parent.postMessage(message);
    const test = Object.assign(new EventEmitter(), {
      exitCode: null,
      killed: false,
      stdout: null,
      stderr: null,
      send: (message: unknown) => tell({ type: "test-send", id, message }),
      kill: () => tell({ type: "test-kill", id }),
    });
    tests.set(id, test);
    tell({ type: "test-fork", id });
    // The part of a child process that the library's test uses.
    return test as unknown as ChildProcess;
  };
  const replacement = (...parameters: Parameters<typeof fork>): ChildProcess =>
    basename(String(parameters[0])) === "testBindingBinary.js" ? forkTest() : fork(...parameters);
  childProcess.fork = replacement as typeof fork;
  // ES modules that import `{ fork }` see the replacement only after this.
  syncBuiltinESMExports();
}
