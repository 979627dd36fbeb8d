import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext } from "../backend-services.ts";
import type { EngineBinaries } from "./engine-binaries.ts";

export function createEngineBinariesRouter({ engineBinaries }: { readonly engineBinaries: EngineBinaries }) {
  const os = implement(contract.engineBinaries).$context<BackendContext>();
  return os.router({
    list: os.list.handler(() => engineBinaries.list()),
    fetch: os.fetch.handler(({ input }) => engineBinaries.fetch(input.api)),
    watch: os.watch.handler(async function* ({ input, signal }) {
      yield* engineBinaries.watch(input.api, signal);
    }),
    cancel: os.cancel.handler(({ input }) => engineBinaries.cancel(input.api)),
    test: os.test.handler(({ input, signal }) => engineBinaries.test(input.api, signal ? { signal } : {})),
  });
}
