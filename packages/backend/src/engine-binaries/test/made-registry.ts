import type { IncomingMessage, ServerResponse } from "node:http";
import { createEgress } from "../../egress/egress.ts";
import { createPurposePolicy } from "../../egress/egress-policy.ts";
import { createMemoryLedger } from "../../egress/testing/memory-ledger.ts";
import { startServer } from "../../egress/testing/start-server.ts";
import { createEgressFetch, createRegistryDoor } from "../egress-fetch.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves an archive like a registry does, ranges included. */
export function serveArchive(archive: Buffer): Answer {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from >= archive.length) return void response.writeHead(416).end();
    const part = archive.subarray(from);
    const range = { "content-range": `bytes ${from}-${archive.length - 1}/${archive.length}` };
    response.writeHead(from > 0 ? 206 : 200, { "content-length": part.length, ...(from > 0 ? range : {}) }).end(part);
  };
}

/** A registry on loopback, reached through the real egress whose door is held open. */
export async function startRegistry(answers: Answer | readonly Answer[]) {
  let asked = 0;
  const server = await startServer((request, response) => {
    const list = typeof answers === "function" ? [answers] : answers;
    list[Math.min(asked++, list.length - 1)]?.(request, response);
  });
  const ledger = createMemoryLedger();
  const door = createRegistryDoor();
  const egress = createEgress({
    ledger,
    policy: door.guard(createPurposePolicy()),
    onRecordError: (error) => {
      throw error;
    },
  });
  return {
    ...{ server, ledger, door, registry: `${server.origin}/`, fetchTarball: createEgressFetch(egress) },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
