import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessSpawner } from "@deskside/contract/shell";
import { createParserPool, type ParsedDocument } from "@deskside/knowledge";
import { describeForkedChild } from "@deskside/rpc/node";

export interface BuiltParser extends AsyncDisposable {
  /** Processes started so far. */
  readonly started: number;
  /** Of a file on the disk, its reading included. Throws ReadError. */
  read(path: string, ocrLanguages: readonly string[]): Promise<ParsedDocument>;
}

const server = join(import.meta.dirname, "../../../apps/server/out");
/** Character maps, fonts and OCR data of the built server. */
export const readerResources = join(server, "reader-resources");

/** The product's pool over the parser process of the built server. */
export function openBuiltParser(): BuiltParser {
  let started = 0;
  const spawner: ProcessSpawner = {
    async spawn(kind, { env, args }) {
      started++;
      const child = fork(join(server, `${kind}.js`), args, {
        env: { ...process.env, ...env },
        execArgv: [],
        serialization: "advanced",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      return describeForkedChild(child);
    },
  };
  const pool = createParserPool({ spawner, resources: readerResources });
  const { signal } = new AbortController();
  return {
    get started() {
      return started;
    },
    read: (path, ocrLanguages) =>
      pool.read(
        { name: path, bytes: readFileSync(path), ocrLanguages, password: null },
        { signal, onProgress: () => undefined },
      ),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
