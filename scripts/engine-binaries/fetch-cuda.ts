// Fetches the CUDA engine for the GPUs given as JSON, as the app would after asking. Started by bring-cuda.mjs.
import {
  assessBinary,
  chooseRegistry,
  enginesFolderOf,
  findCudaRuntimes,
  installPackages,
  layOutEnginesFolder,
  packageTable,
  readPackageState,
} from "@deskside/backend/engine-binaries";
import { plainFetch } from "./plain-fetch.ts";

/** As `parseGpus` of bring-cuda.mjs found them. */
interface GivenGpu {
  readonly name: string;
  readonly driver: string | null;
  readonly capability: string | null;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const instead = "Vulkan or the processor is used";
const reasons: Readonly<Record<string, string>> = {
  "no-package": "there is no CUDA package for this system",
  "driver-missing": "the NVIDIA driver does not answer",
  "driver-too-old": "the NVIDIA driver is too old",
  "cuda-runtime-missing": "the CUDA runtime (libcudart, libcublas) is not installed",
  "device-not-supported": "the GPU is too old for CUDA 12",
};

async function main(given: readonly GivenGpu[]): Promise<void> {
  const gpus = given.map((gpu, at) => ({
    ...gpu,
    ...{ id: String(at), vendor: "nvidia" as const, unified: false, api: "cuda" as const },
    ...{ vramTotalBytes: null, vramFreeBytes: null, bandwidthBytesPerSecond: null, bandwidthSource: null },
    ...{ tableId: null, migUuid: null },
  }));
  const machine = { platform: process.platform, arch: process.arch, gpus };
  const found = assessBinary("cuda", machine, packageTable, await findCudaRuntimes());
  if (found.obstacle !== null) {
    const detail = found.detail ? ` (${found.detail})` : "";
    return say(`${gpus[0]?.name}: no CUDA engine, ${reasons[found.obstacle] ?? found.obstacle}${detail}; ${instead}.`);
  }
  const folder = layOutEnginesFolder(enginesFolderOf(process.env, process.platform), packageTable.library);
  const states = await Promise.all(found.packages.map((one) => readPackageState(folder.packageFolder(one.name), one)));
  const missing = found.packages.filter((_, at) => states[at] !== "complete");
  if (missing.length === 0) return;
  const totalBytes = missing.reduce((sum, one) => sum + one.downloadBytes, 0);
  say(`${gpus[0]?.name}: fetching the CUDA engine, ${megabytes(totalBytes)} (DESKSIDE_NO_CUDA=1 leaves it out) …`);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  let told = 0;
  await installPackages(missing, {
    ...{ folder, fetchTarball: plainFetch, signal: stop.signal, retryAfterMs: [1_000, 3_000] },
    registry: chooseRegistry(process.env),
    onProgress({ receivedBytes }) {
      const quarter = Math.floor((receivedBytes / totalBytes) * 4);
      if (quarter <= told) return;
      told = quarter;
      say(`  ${quarter * 25} %`);
    },
  });
  say(`The CUDA engine is in ${folder.versionFolder}.`);
}

try {
  await main(JSON.parse(process.argv[2] ?? "[]") as GivenGpu[]);
} catch (error) {
  const why =
    error instanceof Error && "code" in error && "data" in error
      ? `${String(error.code)} ${JSON.stringify(error.data)}`
      : String(error);
  say(`The CUDA engine was not fetched: ${why}. ${instead}; the next start goes on from here.`);
}
