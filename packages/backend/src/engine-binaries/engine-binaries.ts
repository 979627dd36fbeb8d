import type {
  EngineBinaries as EngineBinariesList,
  EngineBinary,
  EngineBinaryFetchEvent,
  EngineBinaryTrial,
  GpuApi,
  MachineProfile,
} from "@deskside/contract";
import { deskError } from "@deskside/contract";
import { type BinaryInventory, createInventory } from "./binary-inventory.ts";
import type { CudaRuntime } from "./cuda-runtime.ts";
import type { FetchTarball } from "./download/fetch-tarball.ts";
import { freeBytesAt, type InstallOptions, installPackages } from "./download/install-package.ts";
import { createFetches } from "./fetches.ts";
import { layOutEnginesFolder } from "./folder/engines-folder.ts";
import { findOtherVersions } from "./other-versions.ts";
import { packageTable, type PackageTable } from "./package-table.ts";
import { createTrialRecord, type TrialRecord } from "./trial/trial-record.ts";

export interface EngineBinariesOptions {
  /** `enginesFolderOf(process.env, process.platform)`. */
  readonly folder: string;
  /** `import.meta.resolve("node-llama-cpp")` of the app: packages installed beside it are found from there. */
  readonly libraryEntry: string;
  readonly libraryVersion: string;
  /** Asked for every fetch. */
  readonly registry: () => string;
  readonly fetchTarball: FetchTarball;
  /** Lets the registry through while a fetch runs. */
  readonly openRegistry: (registry: string) => Disposable;
  readonly machine: () => Promise<Pick<MachineProfile, "platform" | "arch" | "gpus">>;
  /** One real try of an API with the environment of its engine. */
  readonly tryBinary: (
    api: GpuApi,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ) => Promise<EngineBinaryTrial>;
  readonly table?: PackageTable;
  readonly runtimes?: () => Promise<CudaRuntime[]>;
  readonly install?: Pick<InstallOptions, "retryAfterMs" | "openFile" | "freeBytes">;
}

export interface EngineBinaries {
  list(): Promise<EngineBinariesList>;
  /** Resolves when the fetch has begun; how it goes is seen in `watch`. Throws ENGINE_BINARY_UNAVAILABLE. */
  fetch(api: GpuApi): Promise<void>;
  watch(api: GpuApi, signal?: AbortSignal): AsyncGenerator<EngineBinaryFetchEvent>;
  cancel(api: GpuApi): void;
  /** Tries the API now, whatever is remembered, and remembers. Throws ENGINE_BINARY_NOT_THERE. */
  test(api: GpuApi, options?: { signal?: AbortSignal }): Promise<EngineBinaryTrial>;
  /** The remembered outcome for this library, device and driver, else that of a try now; null = the binary is not there. */
  tested(api: GpuApi, options?: { signal?: AbortSignal }): Promise<EngineBinaryTrial | null>;
  /**
   * The fastest API whose device is a real one and whose binary passed its trial, "none" at last. `failed`: those that
   * would have come before, with the reason.
   */
  best(options?: { signal?: AbortSignal }): Promise<{ api: GpuApi; failed: EngineBinaryTrial[] }>;
  /** What an engine's process needs in its environment to find the binary of an API. */
  environment(api: GpuApi): Promise<Record<string, string>>;
  /** What an engine's process on the CPU needs to leave AMX out. */
  readonly environmentWithoutAmx: Readonly<Record<string, string>>;
}

const fastestFirst: readonly GpuApi[] = ["metal", "cuda", "vulkan"];

export function createEngineBinaries(options: EngineBinariesOptions): EngineBinaries {
  const folder = layOutEnginesFolder(options.folder, options.libraryVersion);
  const record = createTrialRecord(folder.trialsFile);
  const fetches = createFetches();
  const inventory = createInventory({ ...options, folder, table: options.table ?? packageTable });
  const environment = (api: GpuApi) => environmentOf(api, inventory, folder.versionFolder);
  const trials = createTrials(options, inventory, record, environment);
  return {
    ...trials,
    environment,
    environmentWithoutAmx: { DESKSIDE_ENGINE_WITHOUT_AMX: folder.versionFolder },
    list: async () => ({
      ...{ libraryVersion: options.libraryVersion, folder: folder.root, registry: options.registry() },
      freeBytes: await freeBytesAt(folder.root),
      binaries: await listBinaries(await options.machine(), async (api) => {
        const { missing, ...found } = await inventory.look(api);
        return {
          ...{ api, state: found.state, packages: [...found.names] },
          downloadBytes: missing.reduce((sum, one) => sum + one.downloadBytes, 0),
          unpackedBytes: missing.reduce((sum, one) => sum + one.unpackedBytes, 0),
          ...{ helps: found.helps, obstacle: found.obstacle, detail: found.detail },
          progress: fetches.progress(api),
          trial: await record.read(found.trialKey),
        };
      }),
      otherVersions: await findOtherVersions(folder.root, options.libraryVersion),
    }),
    async fetch(api) {
      const { packages, missing, state } = await inventory.look(api, { deep: true });
      const { platform, arch } = await options.machine();
      if (packages.length === 0 && state !== "bundled")
        throw deskError("ENGINE_BINARY_UNAVAILABLE", { api, platform, arch });
      fetches.start(api, async (signal, onProgress) => {
        const registry = options.registry();
        using _door = options.openRegistry(registry);
        const { fetchTarball } = options;
        await installPackages(missing, {
          ...{ folder, signal, onProgress, registry, fetchTarball },
          ...options.install,
        });
      });
    },
    watch: (api, signal) => fetches.watch(api, signal),
    cancel: (api) => fetches.cancel(api),
  };
}

function createTrials(
  options: EngineBinariesOptions,
  inventory: BinaryInventory,
  record: TrialRecord,
  environment: EngineBinaries["environment"],
): Pick<EngineBinaries, "test" | "tested" | "best"> {
  /** Every byte of what was fetched is read before it may be loaded. */
  const test: EngineBinaries["test"] = async (api, { signal } = {}) => {
    const found = await inventory.look(api, { deep: true, ...(signal ? { signal } : {}) });
    if (!found.isThere) throw deskError("ENGINE_BINARY_NOT_THERE", { api });
    const trial = await options.tryBinary(api, await environment(api), signal);
    await record.write(found.trialKey, trial);
    return trial;
  };
  const tested: EngineBinaries["tested"] = async (api, given = {}) => {
    const found = await inventory.look(api, given);
    if (!found.isThere) return null;
    const remembered = await record.read(found.trialKey);
    return remembered && isStillTrue(remembered, Date.now()) ? remembered : await test(api, given);
  };
  return {
    test,
    tested,
    async best(given = {}) {
      const failed: EngineBinaryTrial[] = [];
      for (const api of fastestFirst) {
        if (!(await inventory.look(api)).helps) continue;
        const trial = await tested(api, given);
        if (trial?.passed && trial.whyCpu === null) return { api, failed };
        if (trial) failed.push(trial);
      }
      return { api: "none", failed };
    },
  };
}

const hourMs = 3_600_000;

/** What works goes on working; what failed may have been memory that others used, or a library that came since. */
export function isStillTrue(trial: EngineBinaryTrial, now: number): boolean {
  const age = now - trial.at;
  // One that hung costs minutes to try again.
  return trial.passed || (age >= 0 && age < (trial.cause === "stalled" ? 24 * hourMs : hourMs));
}

async function environmentOf(api: GpuApi, inventory: BinaryInventory, versionFolder: string) {
  const { libraryFolder } = await inventory.look(api);
  const own = process.env["LD_LIBRARY_PATH"];
  return {
    DESKSIDE_ENGINE_BINARIES: versionFolder,
    ...(libraryFolder === null ? {} : { LD_LIBRARY_PATH: own ? `${libraryFolder}:${own}` : libraryFolder }),
  };
}

/** APIs that exist on this kind of machine. */
async function listBinaries(
  { platform, arch }: Pick<MachineProfile, "platform" | "arch">,
  describe: (api: GpuApi) => Promise<EngineBinary>,
): Promise<EngineBinary[]> {
  const apis: GpuApi[] = platform === "darwin" ? ["none"] : ["none", "vulkan"];
  if (platform === "darwin" && arch === "arm64") apis.push("metal");
  if (platform !== "darwin" && arch === "x64") apis.push("cuda");
  return await Promise.all(apis.map(describe));
}
