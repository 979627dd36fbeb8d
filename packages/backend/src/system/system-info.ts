import type { SystemInfo } from "@deskside/contract";
import type { Machine } from "@deskside/hardware";
import type { Workspace } from "@deskside/storage";

/** Versions, places and the state of the store, as `system.info` tells them. */
export function describeSystem(options: {
  versions: Omit<SystemInfo["versions"], "sqlite">;
  shell: SystemInfo["shell"];
  dataDir: string;
  workspace: Workspace;
  machine: Machine;
}): SystemInfo {
  const { workspace, machine, shell, dataDir } = options;
  return {
    versions: { ...options.versions, sqlite: workspace.diagnostics().sqliteVersion },
    platform: process.platform,
    arch: process.arch,
    shell,
    dataDir,
    encryption: "key-on-this-computer",
    machine: { cpu: machine.cpu, cores: machine.physicalCores, memoryBytes: machine.memoryBytes },
    store: { readOnly: workspace.readOnly, quarantined: workspace.quarantined },
  };
}
