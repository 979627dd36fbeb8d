import type { GpuApi } from "@deskside/contract";
import { z } from "zod";
import rawTable from "./binary-packages.json" with { type: "json" };

const packageTableSchema = z.object({
  /** Version of node-llama-cpp and of all its packages. */
  library: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  packages: z.record(
    z.string().regex(/^[a-z0-9-]+$/),
    z.object({
      /** Of the archive, as the registry and a lockfile write it. */
      integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
      downloadBytes: z.number().int().positive(),
      /** Sum of all files in the archive. */
      unpackedBytes: z.number().int().positive(),
      files: z.number().int().positive(),
    }),
  ),
});
export type PackageTable = z.infer<typeof packageTableSchema>;

export interface BinaryPackage {
  /** Without the scope: "linux-x64-cuda". */
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly downloadBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
}

/**
 * The packages of `@node-llama-cpp` by hash: what may be fetched at all. Made by
 * `scripts/engine-binaries/update-packages.mjs` from the registry's archives; a test compares it with the lockfile.
 */
export const packageTable: PackageTable = packageTableSchema.parse(rawTable);

const systemNames: Readonly<Record<string, string>> = { linux: "linux", win32: "win", darwin: "mac" };
const suffixes: Readonly<Record<GpuApi, string>> = { none: "", cuda: "-cuda", vulkan: "-vulkan", metal: "-metal" };

/** Name of the package that node-llama-cpp 3.22 imports for an API (its compileLLamaCpp.js); null = there is none. */
export function packageNameOf(api: GpuApi, platform: string, arch: string): string | null {
  const system = systemNames[platform];
  if (!system) return null;
  if (platform === "darwin") {
    if (arch === "arm64") return api === "metal" ? "mac-arm64-metal" : null;
    return arch === "x64" && api === "none" ? "mac-x64" : null;
  }
  if (api === "metal") return null;
  if (arch === "x64") return `${system}-x64${suffixes[api]}`;
  // One package for the processor alone; node-llama-cpp takes it whatever API is asked for.
  return arch === "arm64" && api === "none" ? `${system}-arm64` : null;
}

export function findPackage(table: PackageTable, name: string): BinaryPackage | null {
  const found = Object.hasOwn(table.packages, name) ? table.packages[name] : undefined;
  return found ? { name, version: table.library, ...found } : null;
}
