import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineBinary, GpuApi, MachineProfile } from "@deskside/contract";
import { type Assessment, assessBinary } from "./assess-binary.ts";
import { type CudaRuntime, findCudaRuntimes } from "./cuda-runtime.ts";
import type { EnginesFolder } from "./folder/engines-folder.ts";
import { readPackageState } from "./folder/package-state.ts";
import type { BinaryPackage, PackageTable } from "./package-table.ts";
import { trialKey } from "./trial/trial-record.ts";

export interface InventoryOptions {
  readonly folder: EnginesFolder;
  readonly libraryEntry: string;
  readonly libraryVersion: string;
  readonly machine: () => Promise<Pick<MachineProfile, "platform" | "arch" | "gpus">>;
  readonly table: PackageTable;
  readonly runtimes?: () => Promise<CudaRuntime[]>;
}

export interface FoundBinary extends Assessment {
  readonly state: EngineBinary["state"];
  /** Packages that are needed and neither installed nor whole in the folder. */
  readonly missing: readonly BinaryPackage[];
  /** Can be loaded: installed, or fetched and whole. */
  readonly isThere: boolean;
  /** Under which an outcome of a trial is remembered. */
  readonly trialKey: string;
}

export interface BinaryInventory {
  /** `deep`: every byte of what was fetched is read. */
  look(api: GpuApi, options?: { deep?: boolean; signal?: AbortSignal }): Promise<FoundBinary>;
}

/** What of an API's packages is here: beside the library, or in the folder of what was fetched. */
export function createInventory(options: InventoryOptions): BinaryInventory {
  const { folder, table, libraryVersion } = options;
  // Hashes of another version say nothing about this one's packages.
  const known: PackageTable = table.library === libraryVersion ? table : { library: libraryVersion, packages: {} };
  const isInstalled = (name: string) => isInstalledFor(options.libraryEntry, name);

  return {
    async look(api, { deep = false, signal } = {}) {
      const machine = await options.machine();
      const runtimes = api === "cuda" ? await (options.runtimes ?? findCudaRuntimes)() : [];
      const found = assessBinary(api, machine, known, runtimes);
      const fetchable = found.packages.filter((one) => !isInstalled(one.name));
      const reading = { deep, ...(signal ? { signal } : {}) };
      const states = await Promise.all(
        fetchable.map((one) => readPackageState(folder.packageFolder(one.name), one, reading)),
      );
      const [main] = found.names;
      const isBundled = main !== undefined && isInstalled(main) && fetchable.length === 0;
      const state = isBundled ? "bundled" : stateOf(states);
      return {
        ...found,
        state,
        missing: fetchable.filter((_, at) => states[at] !== "complete"),
        isThere: state === "bundled" || state === "fetched",
        trialKey: trialKey(
          api,
          libraryVersion,
          machine.gpus,
          found.packages.map((one) => one.integrity),
        ),
      };
    },
  };
}

function stateOf(states: readonly Awaited<ReturnType<typeof readPackageState>>[]): EngineBinary["state"] {
  if (states.length === 0) return "unavailable";
  if (states.every((state) => state === "complete")) return "fetched";
  return states.includes("damaged") ? "damaged" : "fetchable";
}

/** As an `import` inside the library finds it: in a node_modules on the way up. NODE_PATH does not count there. */
function isInstalledFor(libraryEntry: string, name: string): boolean {
  for (let folder = dirname(fileURLToPath(libraryEntry)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules", "@node-llama-cpp", name, "package.json"))) return true;
    if (folder === dirname(folder)) return false;
  }
}
