import { basename } from "node:path/posix";
import { type Download, deskError } from "@deskside/contract";
import type { DownloadRequest as TransferRequest, HubFile } from "@deskside/model-library";
import { findHub } from "../hubs/choose-hubs.ts";
import { revisionAt } from "../hubs/hub-access.ts";
import type { LibraryServiceDeps } from "../library-service.ts";
import type { DownloadRecord } from "./download-records.ts";

/**
 * Goes on with the same files from another hub; those it had stay behind it. Only what a hash binds keeps its bytes.
 * Throws DOWNLOAD_NOT_FOUND, HUB_FILE_NOT_FOUND, DOWNLOAD_CHANGED, and what the hub's questions throw.
 */
export async function switchSource(
  wish: { readonly id: string; readonly hub: string },
  { downloads, hubs, settings }: LibraryServiceDeps,
  signal: AbortSignal | undefined,
): Promise<Download> {
  const record = downloads.record(wish.id);
  const named = record.hubs.find(({ name }) => name === wish.hub)?.baseUrl ?? wish.hub;
  const info = findHub(named, settings.hubs());
  const asked = { repo: record.repo, revision: revisionAt(info.kind, record.revision), hub: info.baseUrl };
  const { hub, address, revision } = await hubs.describe(asked, signal);
  const found = record.files.map((file) => ({ file, at: sameFile(record, file, revision.files, hub.id) }));
  const others = record.hubs.filter(({ baseUrl }) => baseUrl !== address).map(({ baseUrl }) => baseUrl);
  const behind = others.map((baseUrl) => hubs.place(findHub(baseUrl, settings.hubs())));
  const request: TransferRequest = {
    id: record.id,
    targetFolder: record.targetFolder,
    files: found.map(({ file, at }) => ({
      ...file,
      sources: [
        hub.fileSource(revision.repo, revision.revision, at.path),
        ...(file.sha256 === null ? [] : behind).map(({ hub: other }) =>
          other.fileSource(record.repo, revisionAt(other.kind, record.revision) ?? revision.revision, file.path),
        ),
      ],
    })),
  };
  const hubsNow = [{ name: hub.id, baseUrl: address }, ...record.hubs.filter(({ baseUrl }) => baseUrl !== address)];
  return await downloads.start({ ...record, hubs: hubsNow }, request);
}

/** The file of the hub that is this one, wherever it lies in the repository there. */
function sameFile(
  { repo }: DownloadRecord,
  { path, sizeBytes, sha256 }: DownloadRecord["files"][number],
  files: readonly HubFile[],
  source: string,
): HubFile {
  const exact = files.find((file) => file.path === path);
  const found = exact ?? files.find((file) => basename(file.path) === basename(path));
  if (!found) throw deskError("HUB_FILE_NOT_FOUND", { repo, wanted: path, nearest: [] });
  const isSame = found.sizeBytes === sizeBytes && (sha256 === null || found.sha256 === null || found.sha256 === sha256);
  if (isSame) return found;
  throw deskError("DOWNLOAD_CHANGED", { file: path, source });
}
