import type { MachineProfile } from "@deskside/contract";
import { measureMachine, withSpeed } from "@deskside/hardware";
import type { Workspace } from "@deskside/storage";
import type { Logger } from "../log/logger.ts";
import { machineKeyOf } from "./identity.ts";

export interface MachineSpeeds extends AsyncDisposable {
  /** With what was measured, where detection did not know; measures nothing. */
  apply(profile: MachineProfile): MachineProfile;
  /** Measures this machine if nobody did: two seconds, once. Never rejects. */
  ensure(profile: MachineProfile): Promise<void>;
}

/** The micro-benchmark of RAM and disk, once for each machine, kept in the workspace. Nothing is sent anywhere. */
export function createMachineSpeeds(deps: { workspace: Workspace; dataDir: string; log: Logger }): MachineSpeeds {
  const { workspace, dataDir, log } = deps;
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  const measure = async (machineKey: string) => {
    try {
      const speed = await measureMachine({ dir: dataDir, signal: closing.signal });
      closing.signal.throwIfAborted();
      log.info({ ...speed }, "machine measured");
      if (workspace.readOnly === null) workspace.machineSpeeds.set(machineKey, speed);
    } catch (error) {
      if (closing.signal.aborted) return;
      log.warn({ err: error }, "the machine could not be measured");
    }
  };

  return {
    apply(profile) {
      const speed = workspace.machineSpeeds.get(machineKeyOf(profile));
      return speed ? withSpeed(profile, speed, dataDir) : profile;
    },
    ensure(profile) {
      if (closing.signal.aborted) return Promise.resolve();
      const machineKey = machineKeyOf(profile);
      if (workspace.machineSpeeds.get(machineKey)) return Promise.resolve();
      running ??= measure(machineKey);
      return running;
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("closing"));
      await running;
    },
  };
}
