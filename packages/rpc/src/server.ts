import type { AnyContractRouter } from "@orpc/contract";
import type { Router } from "@orpc/server";
import { RPCHandler } from "@orpc/server/message-port";
import { adaptPort } from "./client.ts";
import { isStream, mapStreamErrors } from "./guarded-iterator.ts";
import type { PortLike } from "./port-like.ts";
import { toWireError } from "./wire-errors.ts";

export interface Served<Context> {
  /** Serves one more peer; `context` is what its calls run with. Ends by itself when the port closes. */
  serve(port: PortLike, context: Context): void;
}

/**
 * Serves a router over ports.
 * @param report called with every error that is not ours; the peer only sees INTERNAL and the incident id
 */
export function createServer<Context extends Record<PropertyKey, unknown>>(
  router: Router<AnyContractRouter, Context>,
  options: { report: (error: unknown, incident: string) => void },
): Served<Context> {
  const handler = new RPCHandler(router, {
    clientInterceptors: [
      async ({ next, signal }) => {
        // A call that its caller gave up has nobody to report to: that is no error of ours.
        const map = (error: unknown) => (signal?.aborted ? error : toWireError(error, options.report));
        try {
          const output = await next();
          return isStream(output) ? mapStreamErrors(output, map) : output;
        } catch (error) {
          throw map(error);
        }
      },
    ],
  });
  // The library makes the options optional by a conditional type that TypeScript cannot resolve for a generic context.
  const upgrade = handler.upgrade.bind(handler) as (port: object, options: { context: Context }) => void;
  return { serve: (port, context) => upgrade(adaptPort(port), { context }) };
}
