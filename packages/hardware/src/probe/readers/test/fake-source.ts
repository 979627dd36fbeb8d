import type { Clock } from "@deskside/base";
import type { CommandResult, ProbeSource } from "../../source/probe-source.ts";

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(): TestClock {
  let time = 1_000_000;
  return { now: () => time, monotonic: () => time, advance: (ms) => void (time += ms) };
}

/** One start of a long-lived program. */
export interface FakeRun {
  readonly args: readonly string[];
  stopped: boolean;
  say(line: string): void;
  end(): Promise<void>;
}

export interface FakeSource extends ProbeSource {
  readonly files: Map<string, string | NodeJS.ErrnoException>;
  readonly calls: string[];
  readonly runs: FakeRun[];
  /** Answers of programs by their command line; others do not exist. */
  readonly answers: Map<string, string>;
}

export function createFakeSource(platform: NodeJS.Platform = "linux"): FakeSource {
  const files: FakeSource["files"] = new Map();
  const answers = new Map<string, string>();
  const calls: string[] = [];
  const runs: FakeRun[] = [];
  const never = () => Promise.reject(new Error("live readers do not ask for this"));
  return {
    ...{ files, answers, calls, runs, platform, arch: "x64", recorded: true },
    async run(command, args): Promise<CommandResult> {
      const line = [command, ...args].join(" ");
      calls.push(line);
      const stdout = answers.get(line) ?? answers.get(command);
      return stdout === undefined ? { status: "missing" } : { status: "done", exitCode: 0, stdout, stderr: "" };
    },
    follow(command, args, onLine) {
      calls.push([command, ...args].join(" "));
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const run: FakeRun = {
        args,
        stopped: false,
        say: onLine,
        async end() {
          resolve();
          await ended;
        },
      };
      runs.push(run);
      return {
        ended,
        stop() {
          run.stopped = true;
          resolve();
        },
      };
    },
    async readText(path) {
      const content = files.get(path) ?? null;
      if (content instanceof Error) throw content;
      return content;
    },
    async listFolder(path) {
      const inside = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
      return [...new Set(inside.map((file) => file.slice(path.length + 1).split("/")[0] ?? ""))].sort();
    },
    systemInformation: never,
    machine: never,
    memory: never,
  };
}
