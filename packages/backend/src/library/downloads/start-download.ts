import { isDesksideError } from "@deskside/base";
import { type Download, deskError, type downloadRequestSchema, type PullResult } from "@deskside/contract";
import {
  type DownloadRequest as TransferRequest,
  type ModelStore,
  readRemoteGgufHeader,
} from "@deskside/model-library";
import type { z } from "zod";
import { isFileAddress, readWish } from "../hubs/choose-hubs.ts";
import type { Described } from "../hubs/hub-access.ts";
import { findNearest } from "../hubs/nearest-gguf.ts";
import type { LibraryServiceDeps } from "../library-service.ts";
import type { DownloadRecord } from "./download-records.ts";
import { planDownload } from "./plan-download.ts";

type Wish = z.infer<typeof downloadRequestSchema>;

/**
 * Asks the hub, chooses the files and starts. What is here already is not fetched. Throws what the hub's questions throw,
 * HUB_GATED, HUB_FILE_NOT_FOUND, UNSUPPORTED_FORMAT, GGUF_UNSUPPORTED, MODEL_FOLDER_UNUSABLE.
 */
export async function startDownload(
  asked: Wish,
  deps: LibraryServiceDeps,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Download> {
  const { hubs, store, downloads } = deps;
  const wish = readWish(asked);
  const described = await hubs.describe(wish, signal);
  refuseGated(described, deps);
  const recommended = wish.file === null ? await recommendedFor(described.revision.repo, deps) : null;
  const downloadsFolder = await store.downloadsFolder(wish.folder ?? undefined);
  const options = { recommended, downloadsFolder, now: deps.now() };
  const { record, request } = await withNearest(described, deps, () => planDownload(described, wish, options));
  const there = await findInUse(record, store);
  if (there) return downloads.keepAsDone(record, there);
  await refuseBeforehand(request, hubs.openDoor([described.address], wish.fileHosts), deps, {
    mustAsk: described.revision.gated,
    signal,
  });
  return await downloads.start(record, request);
}

/** Says where a GGUF file of the same model is, for who asked for another format. */
async function withNearest<T>(described: Described, { hubs }: LibraryServiceDeps, plan: () => T) {
  try {
    return plan();
  } catch (error) {
    if (!isDesksideError(error, "UNSUPPORTED_FORMAT") || error.data["where"] !== null) throw error;
    const found = await findNearest(described, hubs, undefined);
    if (!found?.repo) throw error;
    const { format, quantization: nearest, repo, hasType } = found;
    throw deskError("UNSUPPORTED_FORMAT", { format, nearest, where: hasType ? `${repo}:${nearest}` : repo });
  }
}

/** Without a token it is known already what the hub would say to a request for a file. */
function refuseGated({ hub, address, revision }: Described, { tokens }: LibraryServiceDeps): void {
  const url = `${address}/${revision.repo}`;
  if (!revision.gated || !isFileAddress(address) || tokens.tokenFor(address) !== null) return;
  const { host } = new URL(address);
  throw deskError("HUB_GATED", { repo: revision.repo, hub: hub.id, url, host, signedIn: false });
}

/** A header takes a second; the model it belongs to may take hours. */
const headerLimitMs = 15_000;
/** A smaller file is fetched as quickly as its header is asked for. */
const worthAskingBytes = 32 * 1024 * 1024;

/** What a hub says to everybody who asks for this file, and what no later try would change. */
const refusals: readonly string[] = ["GGUF_UNSUPPORTED", "HUB_GATED", "HUB_TOKEN_REFUSED"];

/**
 * Throws GGUF_UNSUPPORTED for what the engine cannot run, HUB_GATED and HUB_TOKEN_REFUSED for what the hub does not give,
 * before gigabytes are fetched. A head that cannot be read now decides nothing: the file is checked when it is there.
 * @param mustAsk also for a small file
 */
async function refuseBeforehand(
  { files: [first, ...later] }: TransferRequest,
  openDoor: Disposable,
  { hubs }: LibraryServiceDeps,
  { mustAsk, signal }: { readonly mustAsk: boolean; readonly signal: AbortSignal | undefined },
): Promise<void> {
  using _door = openDoor;
  const [source] = first?.sources ?? [];
  const isSmall = first === undefined || first.sizeBytes < worthAskingBytes;
  if (!source || (isSmall && !mustAsk) || !isFileAddress(source.url)) return;
  const limit = AbortSignal.any([AbortSignal.timeout(headerLimitMs), ...(signal ? [signal] : [])]);
  try {
    const laterParts = later.flatMap(({ sources }) => sources.slice(0, 1));
    await readRemoteGgufHeader(hubs.http, source, { laterParts, signal: limit });
  } catch (error) {
    signal?.throwIfAborted();
    if (isDesksideError(error) && refusals.includes(error.code)) throw error;
  }
}

/** The model that has just these files in use; null = they have to be fetched, or nobody knows their hashes. */
async function findInUse({ files, revision }: DownloadRecord, store: ModelStore): Promise<PullResult | null> {
  const hashes = files.flatMap(({ sha256 }) => sha256 ?? []);
  const model = hashes.length === files.length ? await store.findByContent(hashes) : null;
  const file = model?.current?.paths[0];
  if (!model?.current || file === undefined || (await store.problemOf(model.id))) return null;
  const isInUse = model.current.files.every(({ sha256 }, index) => sha256 === hashes[index]);
  if (!isInUse || model.current.files.length !== hashes.length) return null;
  const { sizeBytes: bytes, source } = model.current;
  return { id: model.id, file, bytes, sha256: hashes[0] ?? "", revision, source };
}

/** The quantization that suits this machine, of a repository the catalogue knows. */
async function recommendedFor(repo: string, deps: LibraryServiceDeps): Promise<string | null> {
  const { models } = await deps.profile.catalogue();
  const model = models.find(({ ggufRepos }) =>
    ggufRepos.some((each) => each.repo.toLowerCase() === repo.toLowerCase()),
  );
  if (!model) return null;
  const recommendations = (await deps.hardware.advisor()).recommendations(models.length);
  return recommendations.find((each) => each.model === model.id)?.quantization ?? null;
}
