import type { ServerResponse } from "node:http";
import type { Misbehaviour } from "./misbehaviour.ts";

/** Sends JSON, or as much of it as should come. */
export function sendJson(
  response: ServerResponse,
  value: unknown,
  { method, wrong }: { readonly method: string; readonly wrong: Misbehaviour | null },
): void {
  const body = Buffer.from(JSON.stringify(value));
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", String(body.length));
  if (method === "HEAD") return void response.end();
  if (wrong?.kind !== "cut" && wrong?.kind !== "stall") return void response.end(body);
  response.flushHeaders();
  response.write(body.subarray(0, wrong.afterBytes));
  if (wrong.kind === "cut") response.socket?.destroySoon();
}
