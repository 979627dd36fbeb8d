import { createHash } from "node:crypto";
import { join } from "node:path";
import type { downloadRequestSchema } from "@deskside/contract";
import { chooseFiles, type DownloadRequest as TransferRequest } from "@deskside/model-library";
import type { z } from "zod";
import type { Described } from "../hubs/hub-access.ts";
import type { DownloadRecord } from "./download-records.ts";

export interface PlannedDownload {
  readonly record: DownloadRecord;
  readonly request: TransferRequest;
}

/**
 * What to fetch and from where: the hub that answered first, then its mirrors, those only for files whose hash is
 * known. Throws HUB_FILE_NOT_FOUND, UNSUPPORTED_FORMAT.
 * @param recommended the quantization that suits this machine, when nothing was asked for
 * @param downloadsFolder where unfinished files lie
 */
export function planDownload(
  { revision, mirrors, ...first }: Described,
  wish: z.infer<typeof downloadRequestSchema>,
  options: { recommended: string | null; downloadsFolder: string; now: number },
): PlannedDownload {
  const { repo, licence } = revision;
  const chosen = chooseWished(revision, wish.file, options.recommended);
  const places = [first, ...mirrors];
  const files = chosen.files.map(({ path, sizeBytes, sha256 }) => ({
    ...{ path, sizeBytes, sha256 },
    sources: (sha256 === null ? [first] : places).map(({ hub }) => hub.fileSource(repo, revision.revision, path)),
  }));
  const id = idOf([repo, revision.revision, ...files.map(({ path, sha256 }) => `${path} ${sha256 ?? ""}`)]);
  const targetFolder = join(options.downloadsFolder, id);
  const hubs = places.map(({ hub, address }) => ({
    name: hub.fileSource(repo, revision.revision, files[0]?.path ?? "").name,
    baseUrl: address,
  }));
  return {
    record: {
      schemaVersion: 1,
      ...{ id, repo, revision: revision.revision, licence, hubs, targetFolder, folder: wish.folder },
      fileHosts: wish.fileHosts,
      quantization: chosen.quantization,
      files: chosen.files.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 })),
      startedAt: options.now,
    },
    request: { id, files, targetFolder },
  };
}

function chooseWished(revision: Described["revision"], wanted: string | null, recommended: string | null) {
  if (wanted !== null || recommended === null) return chooseFiles(revision, wanted);
  const wish = recommended.toLowerCase();
  const has = revision.files.some(({ path }) => path.toLowerCase().includes(wish));
  return chooseFiles(revision, has ? recommended : null);
}

/** The same files give the same id: who asks twice joins. */
function idOf(parts: readonly string[]): string {
  return `d-${createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 24)}`;
}
