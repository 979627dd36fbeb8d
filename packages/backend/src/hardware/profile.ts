import type { MachineProfile } from "@deskside/contract";
import { detectMachine, gpuTableSchema, type GpuTable } from "@deskside/hardware";
import type { Catalogue } from "@deskside/model-library";
import type { Logger } from "../log/logger.ts";
import type { EventHub } from "../system/event-hub.ts";

/** The machine as it was last detected, and the catalogue of models and graphics cards. */
export interface Profile {
  /** Waits for the first detection. */
  read(): Promise<MachineProfile>;
  /** Detects again and tells everybody: after sleep, after a driver was installed. */
  refresh(): Promise<MachineProfile>;
  /** Throws MANIFEST_INVALID. */
  catalogue(): Promise<Catalogue>;
}

/** Detection begins at once, and nothing waits for it before it has to. */
export function createProfile(deps: {
  /** The newest at every call. */
  catalogue: () => Promise<Catalogue>;
  events: EventHub;
  log: Logger;
}): Profile {
  const { catalogue, events, log } = deps;
  const detect = async () => {
    const started = performance.now();
    const found = await detectMachine({ gpuTable: await gpuTableOf(catalogue()) });
    const gpus = found.gpus.map(({ name, api, vramTotalBytes }) => ({ name, api, vramTotalBytes }));
    const notes = found.notes.map(({ code, subject }) => `${code} ${subject}`);
    log.info({ ms: Math.round(performance.now() - started), cpu: found.cpu.name, gpus, notes }, "machine detected");
    return found;
  };
  let current = detect();
  current.catch(() => undefined);
  return {
    read: () => current,
    async refresh() {
      const next = detect();
      // A detection that fails leaves the last one standing.
      const found = await next;
      current = next;
      events.publish({ type: "machine" });
      return found;
    },
    catalogue,
  };
}

async function gpuTableOf(catalogue: Promise<Catalogue>): Promise<GpuTable> {
  const gpus = await catalogue.then(
    (found) => found.gpus,
    () => [],
  );
  return gpuTableSchema.parse({ gpus });
}
