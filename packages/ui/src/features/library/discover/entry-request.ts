import type { CatalogueEntryFile, DownloadRequest, HubInfo } from "@deskside/contract";

/** What to ask for a file of the catalogue. `hub` null = in the order of the settings. */
export function entryRequest(
  file: CatalogueEntryFile,
  hub: HubInfo | null,
): DownloadRequest & { repo: string; file: string } {
  const onModelscope = hub?.kind === "modelscope" && file.modelscope !== null;
  return {
    repo: onModelscope ? (file.modelscope ?? file.repo) : file.repo,
    file: firstPart(file),
    // A commit is one of a hub's own history; elsewhere the same name means nothing.
    revision: onModelscope ? null : file.revision,
    hub: hub?.baseUrl ?? null,
  };
}

/** "%05d" stands for the number of the part; the first leads to the others. */
export function firstPart({ file }: Pick<CatalogueEntryFile, "file">): string {
  return file.replace(/%0?(\d)d/g, (_, digits: string) => "1".padStart(Number(digits), "0"));
}
