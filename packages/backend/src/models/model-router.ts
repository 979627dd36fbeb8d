import { isDesksideError } from "@deskside/base";
import { contract, deskError } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createModelRouter({ library, engines, generations, modelDefaults, log }: BackendServices) {
  const os = implement(contract.model).$context<BackendContext>();
  return os.router({
    list: os.list.handler(({ signal }) => library.list(signal ? { signal } : {})),
    engines: os.engines.handler(() => engines.states),
    load: os.load.handler(async ({ input, context }) => {
      const { id, description } = await library.resolve(input.modelId);
      const { role } = description;
      if (role !== "chat") throw deskError("WRONG_ROLE", { model: id, role, needed: "chat" });
      if (input.running === "cancel") await generations.cancelAll(context.principal);
      // How it goes is seen in the engine's state; the caller does not wait for it.
      const loading = engines.othersIdle(id).then(() => engines.load(input.modelId));
      loading.catch((error: unknown) => {
        if (!isDesksideError(error)) log.error({ err: error }, "load failed");
      });
    }),
    unload: os.unload.handler(({ input }) => engines.unload(input.modelId)),
    defaults: {
      get: os.defaults.get.handler(({ input }) => modelDefaults.view(input.modelId)),
      set: os.defaults.set.handler(({ input }) => modelDefaults.set(input.modelId, input.values)),
      reset: os.defaults.reset.handler(({ input }) => modelDefaults.reset(input.modelId)),
    },
  });
}
