import type { Machine } from "../../machine/machine.ts";
import type { MemoryTotals } from "../../memory/memory-sampler.ts";
import type { ReadText } from "../../read-text.ts";

/** How a command ended. Output is cut at `longestOutputBytes`. */
export type CommandResult =
  | { readonly status: "done"; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** There is no such program. */
  | { readonly status: "missing" }
  /** It was killed, with its children, at the limit. */
  | { readonly status: "timed-out" };

export const longestCommandMs = 3000;
export const longestOutputBytes = 4 * 1024 * 1024;

/** Functions of systeminformation that detection asks for. */
export const systemFunctions = [
  "cpu",
  "cpuFlags",
  "mem",
  "memLayout",
  "graphics",
  "fsSize",
  "blockDevices",
  "osInfo",
  "battery",
] as const;
export type SystemFunction = (typeof systemFunctions)[number];

export interface ProbeRunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
}

/** A program that keeps printing. */
export interface FollowedCommand {
  /** Settles when the program ended, or never was. */
  readonly ended: Promise<void>;
  /** Kills it with its children. */
  stop(): void;
}

/** Everything of the world that detection sees: the running machine, or a recording of another. */
export interface ProbeSource {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Without a shell, `LC_ALL=C`, at most `limitMs` (default `longestCommandMs`). Rejects only with `signal.reason`. */
  run(command: string, args: readonly string[], options?: ProbeRunOptions): Promise<CommandResult>;
  /** Starts a program and gives each line that it prints, until it is stopped. In a recording it ends at once. */
  follow(command: string, args: readonly string[], onLine: (line: string) => void): FollowedCommand;
  /** A file of /proc or /sys; null when it is not there. */
  readonly readText: ReadText;
  /** Names in a folder of /proc or /sys, sorted; empty when it is not there. */
  listFolder(path: string): Promise<readonly string[]>;
  /** What the function of that name of systeminformation answers; rejects when there is no answer. */
  systemInformation(name: SystemFunction): Promise<unknown>;
  /** Processor and memory after affinity and container limits. */
  machine(): Promise<Machine>;
  memory(): Promise<MemoryTotals>;
}
