import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createBenchRouter({ bench }: BackendServices) {
  const os = implement(contract.bench).$context<BackendContext>();
  return os.router({
    start: os.start.handler(async ({ input }) => ({
      benchId: await bench.start(input.model, { threads: input.threads }),
    })),
    watch: os.watch.handler(async function* ({ input, signal }) {
      yield* bench.watch(input.benchId, signal);
    }),
    cancel: os.cancel.handler(({ input }) => bench.cancel(input.benchId)),
    reports: os.reports.handler(() => [...bench.reports]),
  });
}
