import type { EngineBinaryObstacle, Gpu, GpuApi, MachineProfile } from "@deskside/contract";
import type { CudaRuntime } from "./cuda-runtime.ts";
import { type BinaryPackage, findPackage, type PackageTable, packageNameOf } from "./package-table.ts";

export interface Assessment {
  /** What has to be there for the API on this machine; empty when nothing is known of it. */
  readonly packages: readonly BinaryPackage[];
  /** All names, also of packages that come with the installation and are not in the table. */
  readonly names: readonly string[];
  readonly helps: boolean;
  readonly obstacle: EngineBinaryObstacle | null;
  readonly detail: string;
  /** Folder that the engine's linker has to search; null = none. */
  readonly libraryFolder: string | null;
}

type MachinePart = Pick<MachineProfile, "platform" | "arch" | "gpus">;

/**
 * What CUDA's libraries need: driver by NVIDIA's release notes of CUDA 13.0 (table "CUDA Toolkit and Minimum Required
 * Driver Version") and of 12.0 (minor version compatibility), device by what the toolkit still compiles for (13 dropped
 * everything before 7.5; the `-cuda-ext` package is compiled for 5.0 and later).
 */
const needs = {
  13: { driver: 580, capability: 7.5 },
  12: { driver: 525, capability: 5.0 },
} as const;

/** Whether the binary of an API is of use here, what belongs to it, and what stands in the way. */
export function assessBinary(
  api: GpuApi,
  machine: MachinePart,
  table: PackageTable,
  runtimes: readonly CudaRuntime[],
): Assessment {
  const name = packageNameOf(api, machine.platform, machine.arch);
  if (name === null)
    return { ...nothing, obstacle: "no-package", detail: `${api} ${machine.platform} ${machine.arch}` };
  if (api === "cuda") return assessCuda(name, machine, table, runtimes);
  const own = findPackage(table, name);
  const there: Assessment = { ...nothing, names: [name], packages: own ? [own] : [], helps: true };
  if (api === "none" || machine.gpus.some((gpu) => isDrivenBy(gpu, api))) return there;
  const software = machine.gpus.find((gpu) => gpu.vendor === "software");
  return { ...there, helps: false, obstacle: "no-device", detail: software?.name ?? "" };
}

const nothing: Assessment = {
  packages: [],
  names: [],
  helps: false,
  obstacle: null,
  detail: "",
  libraryFolder: null,
};

function isDrivenBy(gpu: Gpu, api: GpuApi): boolean {
  if (gpu.vendor === "software") return false;
  return api === "metal" ? gpu.vendor === "apple" : gpu.vendor !== "apple";
}

function assessCuda(
  name: string,
  machine: MachinePart,
  table: PackageTable,
  runtimes: readonly CudaRuntime[],
): Assessment {
  const main = findPackage(table, name);
  const extension = findPackage(table, `${name}-ext`);
  const cuda = { ...nothing, names: [name, `${name}-ext`] };
  const stopped = (obstacle: EngineBinaryObstacle, detail: string): Assessment => ({ ...cuda, obstacle, detail });
  if (!main) return stopped("no-package", name);
  const devices = machine.gpus.filter((gpu) => gpu.vendor === "nvidia");
  if (devices.length === 0) return stopped("no-device", "");
  const driven = devices.filter((gpu) => gpu.driver !== null);
  if (driven.length === 0) return stopped("driver-missing", devices[0]?.name ?? "");
  const driver = Math.max(...driven.map((gpu) => Number.parseInt(gpu.driver ?? "", 10) || 0));
  const capability = Math.max(...driven.map((gpu) => (gpu.capability === null ? Infinity : Number(gpu.capability))));
  // A version that cannot be read is no reason to give up: the trial tells.
  const enough = (major: 12 | 13) => driver === 0 || driver >= needs[major].driver;
  const supported = (major: 12 | 13) => !(capability < needs[major].capability);
  if (!supported(12)) return stopped("device-not-supported", `${capability} < ${needs[12].capability}`);
  if (!enough(12)) return stopped("driver-too-old", `${driver} < ${needs[12].driver}`);
  const usable = runtimes.find(
    ({ major }) => enough(major) && supported(major) && (major === 13 || extension !== null),
  );
  if (!usable) {
    const newer = runtimes.find(({ major }) => !enough(major));
    if (newer) return stopped("driver-too-old", `${driver} < ${needs[newer.major].driver} (CUDA ${newer.major})`);
    return stopped("cuda-runtime-missing", supported(13) && enough(13) ? "CUDA 12, 13" : "CUDA 12");
  }
  const packages = usable.major === 13 || !extension ? [main] : [main, extension];
  return { ...cuda, names: packages.map((one) => one.name), packages, helps: true, libraryFolder: usable.folder };
}
