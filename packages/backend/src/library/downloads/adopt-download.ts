import { join } from "node:path";
import { deskError, type PullResult } from "@deskside/contract";
import type { ModelLibrary, ModelStore, StoredModel, StoredVersion } from "@deskside/model-library";
import type { CanaryOutcome } from "../canary/try-model.ts";
import type { DownloadRecord } from "./download-records.ts";

/** A file of a finished download, as it was hashed while it came. */
export interface FetchedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Names of the sources the bytes came from; null = it was there already. */
  readonly source: string | null;
}

export interface AdoptDeps {
  readonly store: ModelStore;
  readonly library: ModelLibrary;
  /** Loads the model at this path and lets it answer. */
  readonly tryModel: (path: string, signal: AbortSignal) => Promise<CanaryOutcome>;
  /** Another file answers for this model from now on. */
  readonly onReplaced: (modelId: string) => void;
}

/**
 * Makes a model of what was fetched: checks its header, keeps it as a candidate, tries it in an engine and puts it in
 * use. One that fails goes to the trash; the version before it stays in use. Can be repeated after it was cut off.
 * Throws what `readGgufHeader` throws, CANARY_FAILED, or the signal's reason.
 * @param onStage the header is being checked, or the model is being tried
 */
export async function adoptDownload(
  record: DownloadRecord,
  fetched: readonly FetchedFile[],
  deps: AdoptDeps,
  options: { onStage: (stage: "checking" | "testing") => void; signal: AbortSignal },
): Promise<PullResult> {
  const { store } = deps;
  options.onStage("checking");
  const { model, version } = await findOrKeep(record, fetched, deps, options.signal);
  if (version.state === "candidate") {
    const previous = model.current;
    options.onStage("testing");
    const outcome = await deps.tryModel(firstPathOf(version), options.signal);
    options.signal.throwIfAborted();
    // A file that has no room here at this moment is no worse for it; but it must not replace one that works.
    if (!outcome.passed && !(outcome.noRoom && previous === null)) {
      await store.discard(model.id, version.key);
      const { step, detail } = outcome;
      throw deskError("CANARY_FAILED", { model: model.id, step: step ?? "load", detail });
    }
    await store.promote(model.id, version.key);
    if (previous) deps.onReplaced(model.id);
  } else if (version.state === "previous") {
    await store.rollback(model.id, version.key);
    deps.onReplaced(model.id);
  }
  const { current } = await store.get(model.id);
  return resultOf(model.id, current ?? version, fetched, record);
}

async function findOrKeep(
  record: DownloadRecord,
  fetched: readonly FetchedFile[],
  { store, library }: AdoptDeps,
  signal: AbortSignal,
): Promise<{ model: StoredModel; version: StoredVersion }> {
  const hashes = fetched.map(({ sha256 }) => sha256);
  const known = await store.findByContent(hashes);
  const there = known?.versions.find((version) => sameHashes(version, hashes));
  if (known && there && !there.linked) return { model: known, version: there };
  const paths = fetched.map(({ path }) => join(record.targetFolder, path));
  await library.resolve(paths[0] ?? "", { signal });
  const { model, candidate } = await store.adoptAsCandidate({
    files: fetched.map(({ bytes, sha256 }, index) => ({ path: paths[index] ?? "", sizeBytes: bytes, sha256 })),
    ...{ repo: record.repo, revision: record.revision, source: sourceOf(record, fetched) },
    ...{ licence: record.licence, quantization: record.quantization },
    ...(record.folder === null ? {} : { folder: record.folder }),
  });
  return { model, version: candidate };
}

function sameHashes({ files }: StoredVersion, hashes: readonly string[]): boolean {
  return files.length === hashes.length && files.every(({ sha256 }, index) => sha256 === hashes[index]);
}

function firstPathOf({ paths, key }: StoredVersion): string {
  const [first] = paths;
  if (first === undefined) throw new Error(`version ${key} has no file`);
  return first;
}

/** Base address of the hub that gave the first bytes. */
function sourceOf({ hubs }: DownloadRecord, fetched: readonly FetchedFile[]): string {
  const name = fetched.find(({ source }) => source !== null)?.source?.split(" + ")[0];
  return (hubs.find((hub) => hub.name === name) ?? hubs[0])?.baseUrl ?? "";
}

function resultOf(
  id: string,
  version: StoredVersion,
  fetched: readonly FetchedFile[],
  record: DownloadRecord,
): PullResult {
  return {
    id,
    file: firstPathOf(version),
    bytes: version.sizeBytes,
    // Of a split model: that of the first part; every part was checked against its own.
    sha256: fetched[0]?.sha256 ?? "",
    revision: record.revision,
    source: sourceOf(record, fetched),
  };
}
