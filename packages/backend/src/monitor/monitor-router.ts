import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";

export function createMonitorRouter({ monitor }: BackendServices) {
  const os = implement(contract.monitor).$context<BackendContext>();
  return os.router({
    now: os.now.handler(() => monitor.now()),
    series: os.series.handler(({ input }) => monitor.series(input.range, input.points)),
    slice: os.slice.handler(({ context, input }) => monitor.slice(context.principal, input.messageId)),
    alerts: os.alerts.handler(() => monitor.alerts()),
    setAlert: os.setAlert.handler(({ input }) => monitor.setAlert(input)),
    removeAlert: os.removeAlert.handler(({ input }) => monitor.removeAlert(input.id)),
    export: os.export.handler(({ input }) => monitor.export(input.range, input.format)),
  });
}
