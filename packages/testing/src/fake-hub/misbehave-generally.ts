import type { ServerResponse } from "node:http";
import type { FakeHubRequest, Misbehaviour } from "./misbehaviour.ts";

/** What goes wrong before there is a file. False: not one of these, to be answered by the route. */
export function answerGenerally(wrong: Misbehaviour, request: FakeHubRequest, response: ServerResponse): boolean {
  switch (wrong.kind) {
    case "status":
      if (wrong.retryAfter !== undefined) response.setHeader("Retry-After", wrong.retryAfter);
      response.writeHead(wrong.status, { "Content-Type": "text/plain" }).end("not now");
      return true;
    case "redirect-loop":
      response.writeHead(302, { Location: request.path }).end();
      return true;
    case "redirect":
      response.writeHead(302, { Location: wrong.to }).end();
      return true;
    case "html":
      response
        .writeHead(200, { "Content-Type": "text/html" })
        .end("<!doctype html><title>Sign in to this network</title>");
      return true;
    case "huge-headers":
      response.writeHead(200, { "X-Padding": "a".repeat(wrong.bytes) }).end("{}");
      return true;
    case "reset":
      response.socket?.resetAndDestroy();
      return true;
    default:
      return false;
  }
}
