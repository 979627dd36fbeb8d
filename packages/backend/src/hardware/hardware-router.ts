import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createHardwareRouter({ hardware }: BackendServices) {
  const os = implement(contract.hardware).$context<BackendContext>();
  return os.router({
    profile: os.profile.handler(() => hardware.profile()),
    refresh: os.refresh.handler(() => hardware.refresh()),
    fit: os.fit.handler(({ input }) => hardware.fit(input)),
    recommendations: os.recommendations.handler(({ input }) => hardware.recommendations(input.limit)),
  });
}
