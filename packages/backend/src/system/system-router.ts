import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createSystemRouter({ info, events, engines, workspace }: BackendServices) {
  const os = implement(contract.system).$context<BackendContext>();
  return os.router({
    info: os.info.handler(() => info()),
    ping: os.ping.handler(() => ({ pid: process.pid, deskside: info().versions.deskside })),
    events: os.events.handler(async function* ({ signal }) {
      yield* events.subscribe({ type: "hello", engines: engines.states }, signal);
    }),
    egress: os.egress.handler(({ context, input }) => workspace.egress.list(context.principal, input.limit)),
  });
}
