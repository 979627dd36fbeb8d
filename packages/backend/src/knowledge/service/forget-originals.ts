import type { IndexedDocument } from "@deskside/knowledge";
import type { Principal } from "@deskside/storage";
import { isAway } from "../places/server/is-away.ts";
import { type KnowledgeDeps, mostListed } from "./knowledge-deps.ts";

/**
 * Deletes the sealed copies of documents that were removed, unless another document has the same content. While the
 * team's server cannot be asked for its documents, copies that one of them may need are kept.
 */
export async function forgetOriginals(
  { index, originals }: Pick<KnowledgeDeps, "index" | "originals">,
  principal: Principal,
  removed: readonly IndexedDocument[],
): Promise<void> {
  const hashes = new Set(removed.flatMap((document) => ownCopy(document)));
  if (hashes.size === 0) return;
  try {
    for (const place of index.places)
      for (const { id } of await index.listCollections(principal, place))
        for (const document of await index.listDocuments(principal, { collectionId: id, limit: mostListed }))
          for (const hash of ownCopy(document)) hashes.delete(hash);
  } catch (error) {
    if (!isAway(error)) throw error;
    return;
  }
  for (const hash of hashes) originals.forget(hash);
}

function ownCopy({ originalPath, contentHash }: IndexedDocument): string[] {
  return originalPath === null && contentHash !== null ? [contentHash] : [];
}
