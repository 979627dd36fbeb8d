import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createGenerationRouter({ generations }: BackendServices) {
  const os = implement(contract.generation).$context<BackendContext>();
  return os.router({
    start: os.start.handler(({ context, input }) => generations.start(context.principal, input)),
    watch: os.watch.handler(async function* ({ context, input, signal }) {
      yield* generations.watch(context.principal, input.generationId, signal);
    }),
    cancel: os.cancel.handler(({ context, input }) => generations.cancel(context.principal, input.generationId)),
    count: os.count.handler(({ context, input }) => generations.count(context.principal, input)),
  });
}
