import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { readBody } from "../testing/read-body.ts";
import { type BodyEnd, createResponseBody } from "./response-body.ts";

test("a signal that aborts between the header and the body still ends it, once", async () => {
  const reason = new Error("closed by the user");
  const response = new IncomingMessage(new Socket());
  const ends: BodyEnd[] = [];
  const body = createResponseBody({
    ...{ response, method: "GET", host: "hub.example", maxBytes: 10, timeoutMs: 1000 },
    signal: AbortSignal.abort(reason),
    onEnd: (end) => void ends.push(end),
  });
  expect(ends).toEqual([{ error: reason }]);
  expect(response.destroyed).toBe(true);
  await expect(readBody(body.chunks)).rejects.toBe(reason);
  body.stop();
  expect(ends).toHaveLength(1);
});
