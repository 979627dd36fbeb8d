import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createSettingsRouter({ settings }: BackendServices) {
  const os = implement(contract.settings).$context<BackendContext>();
  return os.router({
    list: os.list.handler(({ context }) => settings.list(context.principal)),
    set: os.set.handler(({ context, input }) => settings.set(context.principal, input.key, input.value)),
    resetSection: os.resetSection.handler(({ context, input }) =>
      settings.resetSection(context.principal, input.section),
    ),
  });
}
