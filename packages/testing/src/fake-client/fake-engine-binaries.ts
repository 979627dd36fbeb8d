import { type Contract, deskError, type EngineBinary, type EngineBinaryTrial } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream } from "./change-feed.ts";
import type { FakeWorld } from "./fake-world.ts";

type BinariesClient = ContractClient<Contract>["engineBinaries"];
type FetchStream = Awaited<ReturnType<BinariesClient["watch"]>>;

const binary = (change: Partial<EngineBinary> & Pick<EngineBinary, "api">): EngineBinary => ({
  ...{ state: "bundled", packages: [], downloadBytes: 0, unpackedBytes: 0, helps: true, obstacle: null, detail: "" },
  ...{ progress: null, trial: null },
  ...change,
});

/** CUDA can be fetched: it comes in two steps, and what is there passes its trial. */
export function createFakeEngineBinaries(world: FakeWorld): BinariesClient {
  const binaries = new Map<string, EngineBinary>([
    ["none", binary({ api: "none" })],
    ["vulkan", binary({ api: "vulkan" })],
    [
      "cuda",
      binary({
        ...{ api: "cuda", state: "fetchable", packages: ["linux-x64-cuda"] },
        ...{ downloadBytes: 142_898_030, unpackedBytes: 189_352_027 },
      }),
    ],
  ]);
  const find = (api: EngineBinary["api"]) => {
    const found = binaries.get(api);
    if (!found) throw deskError("ENGINE_BINARY_UNAVAILABLE", { api, platform: "linux", arch: "x64" });
    return found;
  };
  return {
    list: async () => ({
      ...{ libraryVersion: "3.22.1", folder: "/home/desk/.local/share/deskside/engines" },
      ...{ registry: "https://registry.npmjs.org/", freeBytes: 500e9, otherVersions: [] },
      binaries: [...binaries.values()],
    }),
    fetch: async ({ api }) => {
      const found = find(api);
      if (found.downloadBytes === 0) return;
      const progress = { stage: "download" as const, package: found.packages[0] ?? "", receivedBytes: 0 };
      binaries.set(api, { ...found, progress: { ...progress, totalBytes: found.downloadBytes } });
    },
    watch: async ({ api }) => asClientStream<FetchStream>(eventsOf(find(api), binaries)),
    cancel: async ({ api }) => void binaries.set(api, { ...find(api), progress: null }),
    test: async ({ api }) => {
      const found = find(api);
      if (found.state === "fetchable") throw deskError("ENGINE_BINARY_NOT_THERE", { api });
      const devices = api === "none" ? [] : ["NVIDIA L4"];
      const trial: EngineBinaryTrial = {
        ...{ api, at: world.now(), passed: true, whyCpu: null, cause: null, detail: "", devices, ms: 900 },
      };
      binaries.set(api, { ...found, trial });
      return trial;
    },
  };
}

async function* eventsOf(found: EngineBinary, binaries: Map<string, EngineBinary>) {
  if (found.progress) {
    yield { type: "progress", progress: found.progress };
    const { totalBytes } = found.progress;
    yield { type: "progress", progress: { ...found.progress, receivedBytes: totalBytes } };
    binaries.set(found.api, { ...found, state: "fetched", downloadBytes: 0, unpackedBytes: 0, progress: null });
  }
  yield { type: "done" };
}
