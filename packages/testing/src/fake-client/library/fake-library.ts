import { type Contract, deskError, type Download, type DownloadEvent, type StoredModelInfo } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream } from "../change-feed.ts";
import { createFakeAttachments } from "../fake-model-settings.ts";
import type { FakeWorld } from "../fake-world.ts";
import { createFakeBundles } from "./fake-bundles.ts";
import { sampleDownload, sampleRepository, sampleStoredModel } from "./sample-library.ts";

type LibraryClient = ContractClient<Contract>["library"];
type DownloadClient = LibraryClient["download"];
type DownloadStream = Awaited<ReturnType<DownloadClient["watch"]>>;

/** Catalogue, hubs, downloads and the store, as the world says. A download moves only when a test changes it. */
export function createFakeLibrary(world: FakeWorld): LibraryClient {
  const stored = (modelId: string): StoredModelInfo => {
    const found = world.storage.models.find(({ id }) => id === modelId);
    if (!found) throw deskError("MODEL_NOT_FOUND", { model: modelId, nearest: [] });
    return found;
  };
  return {
    ...createFakeHubs(world, stored),
    ...createFakeStore(world, stored),
    ...createFakeChecks(world, stored),
    ...createFakeAttachments(world),
    download: createFakeDownloads(world),
    tokens: createFakeTokens(world),
    bundle: createFakeBundles(),
  };
}

function createFakeHubs(world: FakeWorld, stored: (modelId: string) => StoredModelInfo) {
  const facts: Awaited<ReturnType<LibraryClient["facts"]>> = {
    ...{ architecture: "qwen2", kind: "model", name: "Sample", licence: "mit" },
    ...{ quantization: "Q4_K_M", parameters: 7_615_616_512, contextSize: 131_072, layers: 28 },
    ...{ vocabularySize: 152_064, tokenizer: "gpt2", chatTemplate: "{{ messages }}" },
    ...{ fileBytes: 4_683_074_240, headerBytes: 5_950_000, warnings: [] },
    tensorTypes: [{ type: "Q4_K", tensors: 169, bytes: 3.4e9 }],
  };
  return {
    catalogue: async () => world.catalogue,
    catalogueUpdate: async () => {
      const { updated, origin, entries } = world.catalogue;
      return { state: "already" as const, updated, origin, models: entries.length };
    },
    hubs: async () => [...world.hubs],
    search: async ({ query }) =>
      [`sample/${query}-GGUF`].map((repo) => ({
        repo,
        downloads: 1200,
        updatedAt: null,
        gated: false,
        tags: ["gguf"],
      })),
    describe: async ({ repo }) => sampleRepository(repo),
    compareHubs: async ({ repo, file }) => ({
      ...{ repo, file: file ?? "sample-Q4_K_M.gguf" },
      speeds: world.hubs.map(({ id }, index) => ({
        ...{ hub: id, bytesPerSecond: 12e6 / (index + 1), receivedBytes: 2_097_152, sameFile: true, error: null },
      })),
    }),
    remoteFacts: async () => facts,
    facts: async ({ modelId }) => {
      stored(modelId);
      return facts;
    },
  } satisfies Partial<LibraryClient>;
}

function createFakeDownloads(world: FakeWorld): DownloadClient {
  const change = (id: string, patch: Partial<Download>) => {
    if (!world.downloads.some((one) => one.id === id)) throw deskError("DOWNLOAD_NOT_FOUND", { downloadId: id });
    world.downloads = world.downloads.map((one) => (one.id === id ? { ...one, ...patch } : one));
    world.feed.emit({ type: "downloads" });
  };
  const leave = (id: string) => {
    world.downloads = world.downloads.filter((one) => one.id !== id);
    world.feed.emit({ type: "downloads" });
  };
  return {
    start: async ({ repo, file = null }) => {
      const id = `dl-${world.downloads.length + 1}`;
      const download = sampleDownload({
        ...{ id, repo, file: file ?? `${repo}.gguf`, quantization: file, receivedBytes: 0 },
        ...{ bytesPerSecond: null, etaMs: null, position: world.downloads.length },
      });
      world.downloads = [...world.downloads, download];
      world.feed.emit({ type: "downloads" });
      return download;
    },
    list: async () => [...world.downloads],
    watch: async ({ id }, options) => asClientStream<DownloadStream>(eventsOf(world, id, options?.signal)),
    pause: async ({ id }) => change(id, { state: "paused", pausedBy: "user", bytesPerSecond: null, etaMs: null }),
    resume: async ({ id }) => change(id, { state: "running", pausedBy: null, error: null }),
    cancel: async ({ id }) => leave(id),
    forget: async ({ id }) => leave(id),
    async switchSource({ id, hub }) {
      const before = world.downloads.find((one) => one.id === id);
      const sources = [hub, ...(before?.sources ?? []).filter((one) => one !== hub)];
      change(id, { state: "running", pausedBy: null, error: null, source: hub, sources });
      return world.downloads.find((one) => one.id === id) as Download;
    },
    order: async ({ ids }) => {
      const place = (id: string) => (ids.includes(id) ? ids.indexOf(id) : ids.length);
      world.downloads = world.downloads
        .toSorted((a, b) => place(a.id) - place(b.id))
        .map((one, position) => ({ ...one, position }));
      world.feed.emit({ type: "downloads" });
    },
  };
}

async function* eventsOf(world: FakeWorld, id: string, signal: AbortSignal | undefined): AsyncGenerator<DownloadEvent> {
  const current = () => world.downloads.find((one) => one.id === id);
  for await (const event of world.feed.read([{ type: "downloads" }], signal)) {
    const download = current();
    if (event.type !== "downloads") continue;
    if (!download) return;
    yield { type: "progress", download };
  }
}

function createFakeStore(world: FakeWorld, stored: (modelId: string) => StoredModelInfo) {
  const put = (next: StoredModelInfo) => {
    world.storage = {
      ...world.storage,
      models: [...world.storage.models.filter(({ id }) => id !== next.id), next],
    };
    world.feed.emit({ type: "models" });
    return next;
  };
  return {
    storage: async () => world.storage,
    show: async ({ modelId }) => stored(modelId),
    remove: async ({ modelId }) => {
      const model = stored(modelId);
      const sizeBytes = model.diskBytes;
      const gone = { id: `trash-${modelId}`, modelId, name: model.name, sizeBytes, deletedAt: world.now() };
      world.storage = {
        ...world.storage,
        models: world.storage.models.filter(({ id }) => id !== modelId),
        trash: [...world.storage.trash, gone],
      };
      world.models = world.models.filter(({ id }) => id !== modelId);
      world.feed.emit({ type: "models" });
      return { bytes: model.diskBytes };
    },
    restore: async ({ id }) => {
      const gone = world.storage.trash.find((one) => one.id === id);
      if (!gone) throw deskError("MODEL_NOT_FOUND", { model: id, nearest: [] });
      world.storage = { ...world.storage, trash: world.storage.trash.filter((one) => one !== gone) };
      return put(sampleStoredModel({ id: gone.modelId, name: gone.name }));
    },
    emptyTrash: async () => {
      const bytes = world.storage.trash.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      world.storage = { ...world.storage, trash: [] };
      world.feed.emit({ type: "models" });
      return { bytes };
    },
    importPath: async ({ path }) => {
      const name = path.split(/[\\/]/).at(-1) ?? path;
      return [put(sampleStoredModel({ id: name, name, path, linked: true, folder: null, diskBytes: 0 }))];
    },
    discover: async () => [...world.foreignModels],
    move: async ({ modelId, folder }) => put({ ...stored(modelId), folder }),
    pin: async ({ modelId, pinned }) => put({ ...stored(modelId), pinned }),
    useVersion: async ({ modelId, version = null }) => {
      const model = stored(modelId);
      const target = version ?? model.versions.find(({ state }) => state === "previous")?.key;
      return put({
        ...model,
        versions: model.versions.map((one) => ({ ...one, state: one.key === target ? "current" : "previous" })),
      });
    },
  } satisfies Partial<LibraryClient>;
}

/** Whatever is looked at is as it should be. */
function createFakeChecks(world: FakeWorld, stored: (modelId: string) => StoredModelInfo) {
  return {
    verify: async ({ modelId }) => {
      const model = stored(modelId);
      const sha256 = model.versions[0]?.sha256 ?? "";
      return { id: modelId, file: model.path ?? "", bytes: model.diskBytes, sha256, expected: sha256, ok: true };
    },
    test: async ({ modelId }) => ({
      ...{ model: stored(modelId).id, at: world.now(), passed: true, step: null, detail: "" },
      ...{ loadMs: 900, tokensPerSecond: 72 },
    }),
  } satisfies Partial<LibraryClient>;
}

function createFakeTokens(world: FakeWorld): LibraryClient["tokens"] {
  const without = (host: string) => world.hubTokens.filter((each) => each.host !== host);
  return {
    list: async () => [...world.hubTokens],
    set: async ({ host, token }) => {
      const kept = { host, lastFour: token.slice(-4), savedAt: world.now() };
      world.hubTokens = [...without(host), kept];
      return kept;
    },
    remove: async ({ host }) => {
      if (without(host).length === world.hubTokens.length) throw deskError("HUB_TOKEN_NOT_FOUND", { host });
      world.hubTokens = without(host);
    },
  };
}
