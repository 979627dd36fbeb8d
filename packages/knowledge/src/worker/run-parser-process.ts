import type { PortLike } from "@deskside/contract/shell";
import { ReadError } from "../document/document-schemas.ts";
import type { ParserAnswer, ParserCall } from "./parser-messages.ts";
import { pieceSize } from "./parser-messages.ts";
import { shutWaysOut } from "./shut-ways-out.ts";
import { watchProcess } from "./watch-process.ts";

/** More than any document that people read. */
const mostPages = 10_000;
const mostCharacters = 30_000_000;
/** A little above what the parent allows, so that it is the one to say so where it can. */
const mostResidentBytes = 1.1 * 1024 ** 3;

interface Open {
  readonly start: Extract<ParserCall, { type: "start" }>;
  readonly pieces: Uint8Array[];
}

/** The inside of a parser process: reads what it is handed, opens no file of anybody, and cannot reach another host. */
export function runParserProcess(port: PortLike): void {
  // On Linux the parent looks too, with the limit it was given; elsewhere nobody else can.
  watchProcess({ residentBytes: mostResidentBytes });
  shutWaysOut();
  const send = (answer: ParserAnswer) => port.postMessage(answer);
  let open: Open | null = null;
  port.onClose(() => process.exit(0));
  port.onMessage((data) => {
    // Only the process that started this one is on the other side.
    const call = data as ParserCall;
    if (call.type === "start") open = { start: call, pieces: [] };
    else if (call.type === "piece") open?.pieces.push(call.data);
    else if (open !== null) {
      const job = open;
      open = null;
      void read(job, send);
    }
  });
}

async function read({ start, pieces }: Open, send: (answer: ParserAnswer) => void): Promise<void> {
  const { id, name, ocrLanguages, password, resources } = start;
  try {
    // Loaded after the ways out are shut.
    const { readDocument } = await import("../read/read-document.ts");
    const document = await readDocument(
      { name, bytes: new Uint8Array(Buffer.concat(pieces)) },
      {
        ...{ resources, ocrLanguages, password, maximumPages: mostPages, maximumCharacters: mostCharacters },
        onProgress: (done, total) => send({ type: "progress", id, done, total }),
      },
    );
    const text = JSON.stringify(document);
    for (let at = 0; at < text.length; at += pieceSize)
      send({ type: "text", id, text: text.slice(at, at + pieceSize) });
    send({ type: "done", id });
  } catch (error) {
    const failure = error instanceof ReadError ? error.failure : "damaged";
    send({ type: "failed", id, failure, detail: String(error instanceof Error ? error.message : error).slice(0, 300) });
  }
}
