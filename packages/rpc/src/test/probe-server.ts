import { DesksideError, sleep } from "@deskside/base";
import { implement } from "@orpc/server";
import type { PortLike } from "../port-like.ts";
import { createServer } from "../server.ts";
import { probeContract } from "./probe-contract.ts";

export const secret = "secret in a stack at /home/somebody";

export interface ProbeState {
  stopped: number;
  aborted: number;
  reported: { message: string; incident: string }[];
}

/** A server of the probe contract that counts what happened to its calls. */
export function createProbeServer(): { state: ProbeState; serve: (port: PortLike) => void } {
  const state: ProbeState = { stopped: 0, aborted: 0, reported: [] };
  const os = implement(probeContract);
  const router = os.router({
    echo: os.echo.handler(({ input }) => ({ text: input.text })),
    refuse: os.refuse.handler(({ input }) => {
      throw notFound(input.chatId);
    }),
    crash: os.crash.handler(() => {
      throw new Error(secret);
    }),
    wait: os.wait.handler(async ({ signal }) => {
      await untilAborted(signal);
      state.aborted++;
    }),
    count: os.count.handler(async function* () {
      try {
        for (let i = 0; ; i++) {
          yield i;
          await sleep(1);
        }
      } finally {
        state.stopped++;
      }
    }),
    countAndFail: os.countAndFail.handler(async function* ({ input }) {
      yield 0;
      yield 1;
      throw input.how === "typed" ? notFound("later") : new Error(secret);
    }),
    stall: os.stall.handler(async function* ({ signal }) {
      try {
        yield 0;
        await untilAborted(signal);
      } finally {
        state.stopped++;
      }
    }),
    state: os.state.handler(() => state),
  });
  const server = createServer(router, {
    report: (error, incident) => state.reported.push({ message: (error as Error).message, incident }),
  });
  return { state, serve: (port) => server.serve(port, {}) };
}

function notFound(chatId: string): DesksideError {
  return new DesksideError({ code: "CHAT_NOT_FOUND", kind: "not-found", data: { chatId } });
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}
