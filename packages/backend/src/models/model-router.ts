import { isDesksideError } from "@deskside/base";
import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createModelRouter({ library, engines, log }: BackendServices) {
  const os = implement(contract.model).$context<BackendContext>();
  return os.router({
    list: os.list.handler(({ signal }) => library.list(signal ? { signal } : {})),
    engines: os.engines.handler(() => engines.states),
    load: os.load.handler(async ({ input }) => {
      await library.resolve(input.modelId);
      // How it goes is seen in the engine's state; the caller does not wait for it.
      engines.load(input.modelId).catch((error: unknown) => {
        if (!isDesksideError(error)) log.error({ err: error }, "load failed");
      });
    }),
    unload: os.unload.handler(({ input }) => engines.unload(input.modelId)),
  });
}
