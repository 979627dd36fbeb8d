import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ParsedDocument } from "../document/document-schemas.ts";
import { formatOf } from "../read/recognise-format.ts";
import {
  type ParserLimits,
  parserLimits,
  type ParserProcess,
  type ReadRequest,
  startParserProcess,
} from "./parser-process.ts";

export interface ParserPoolOptions {
  readonly spawner: ProcessSpawner;
  /** Folder of character maps, fonts and OCR data. */
  readonly resources: string | null;
  readonly limits?: Partial<ParserLimits>;
}

/** Reads documents in processes of their own. Throws ReadError; anything else is a failure of ours. */
export interface DocumentParser extends AsyncDisposable {
  read(
    request: ReadRequest,
    options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
  ): Promise<ParsedDocument>;
}

/** Documents read by a process that is shared before a fresh one takes over. */
const mostShared = 200;

/**
 * A PDF, an Office file, a book, a message or a picture gets a process that ends with it. Plain text, Markdown, tables
 * and code share one, until it fails or has read enough.
 */
export function createParserPool({ spawner, resources, limits = {} }: ParserPoolOptions): DocumentParser {
  const start = () => startParserProcess(spawner, { resources, limits: { ...parserLimits, ...limits } });
  const running = new Set<ParserProcess>();
  let shared: { process: ParserProcess; read: number } | null = null;
  const readShared: DocumentParser["read"] = async (request, options) => {
    if (shared === null || !shared.process.isAlive || shared.read >= mostShared) {
      shared?.process[Symbol.dispose]();
      shared = { process: await start(), read: 0 };
    }
    shared.read++;
    return await shared.process.read(request, options);
  };
  /** The last of those that wait for the shared process: it reads one document after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  return {
    async read(request, options) {
      if (isHarmless(request)) {
        const mine = turn.then(() => readShared(request, options));
        turn = mine.catch(() => undefined);
        return await mine;
      }
      using own = await start();
      running.add(own);
      try {
        return await own.read(request, options);
      } finally {
        running.delete(own);
      }
    },
    async [Symbol.asyncDispose]() {
      shared?.process[Symbol.dispose]();
      for (const own of running) own[Symbol.dispose]();
    },
  };
}

const harmless = new Set(["text", "markdown", "csv", "code"]);

function isHarmless({ name, bytes }: ReadRequest): boolean {
  try {
    return harmless.has(formatOf({ name, bytes: bytes.subarray(0, 65_536) }).format);
  } catch {
    // What cannot be recognised from its head is not harmless.
    return false;
  }
}
