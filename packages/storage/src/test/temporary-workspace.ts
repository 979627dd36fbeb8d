import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@deskside/base";
import type { StorageLog } from "../storage-log.ts";
import { openWorkspace } from "../workspace/open-workspace.ts";
import type { Workspace } from "../workspace/workspace.ts";

export const testKey = new Uint8Array(32).map((_, index) => index * 7 + 3);
export const otherKey = new Uint8Array(32).map((_, index) => index * 5 + 1);
export const testModel = { id: "smollm2-135m-instruct", name: "SmolLM2 135M", quantization: "Q8_0" };

export const someStats = {
  ...{ promptTokens: 31, cachedTokens: 4, outputTokens: 7, reasoningTokens: 0 },
  ...{ tokensPerSecond: 98.5, firstTokenMs: 120.25, reasoningMs: null, totalMs: 400 },
};

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly data: Record<string, unknown>;
}

export function createLog(): StorageLog & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: LogLine["level"]) => (data: Record<string, unknown>, message: string) =>
    void lines.push({ level, message, data });
  return { lines, info: write("info"), warn: write("warn"), error: write("error") };
}

/** A clock that moves only when told. */
export function createTestClock(start = 1_800_000_000_000): Clock & { advance(ms: number): void } {
  let now = start;
  return { now: () => now, monotonic: () => now, advance: (ms) => void (now += ms) };
}

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "deskside-storage-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function openIn(dataDir: string, options: { dataKey?: Uint8Array; clock?: Clock } = {}): Workspace {
  return openWorkspace({ dataDir, dataKey: testKey, log: createLog(), ...options });
}

/** Every file under a folder. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** The first file under a folder that contains one of the needles as UTF-8 or UTF-16; undefined when none does. */
export function fileContaining(folder: string, needles: readonly string[]): string | undefined {
  const bytes = needles.flatMap((needle) => [Buffer.from(needle, "utf8"), Buffer.from(needle, "utf16le")]);
  return filesUnder(folder).find((file) => {
    const content = readFileSync(file);
    return bytes.some((needle) => content.includes(needle));
  });
}

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
