import { type Collection, type Contract, deskError, type KnowledgeDocument } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import type { FakeWorld } from "../fake-world.ts";

interface FakeShelf {
  document(id: string): KnowledgeDocument;
  listed(collectionId: string): KnowledgeDocument[];
  add(collectionId: string, path: string, bytes: number): KnowledgeDocument;
  change(collectionId: string, patch: Partial<Collection>): Collection;
}

/** Documents with the text, passages and originals that the world holds for them. Reading again always succeeds. */
export function createFakeDocuments(
  world: FakeWorld,
  { document, listed, add, change }: FakeShelf,
): ContractClient<Contract>["knowledge"]["documents"] {
  const { documents, texts, passages, originals } = world.knowledge;
  const put = (id: string, patch: Partial<KnowledgeDocument>): KnowledgeDocument => {
    const next = { ...document(id), ...patch };
    documents.set(id, next);
    change(next.collectionId, {});
    return next;
  };
  return {
    list: async ({ collectionId }) => listed(collectionId),
    get: async ({ documentId }) => document(documentId),
    add: async ({ collectionId, paths }) => paths.map((path) => add(collectionId, path, 1000)),
    remove: async ({ documentIds }) => {
      for (const id of documentIds) {
        const { collectionId } = document(id);
        documents.delete(id);
        change(collectionId, {});
      }
    },
    retry: async ({ documentId }) => put(documentId, { state: "ready", failure: null, passages: 12 }),
    locate: async ({ documentId, path }) => put(documentId, { state: "ready", originalPath: path }),
    text: async ({ documentId, offset = 0, limit = 500 }) => {
      const blocks = texts.get(documentId) ?? [];
      return {
        format: document(documentId).format ?? "text",
        blocks: blocks.slice(offset, offset + limit),
        offset,
        total: blocks.length,
      };
    },
    passage: async ({ documentId, passageId }) => {
      const found = passages.get(passageId);
      if (!found) throw deskError("DOCUMENT_NOT_FOUND", { documentId });
      return { passageId, ...found };
    },
    bytes: async ({ documentId, offset, length }) => {
      const { path, originalPath } = document(documentId);
      const bytes = originals.get(documentId);
      if (!bytes) throw deskError("DOCUMENT_MOVED", { document: path, path: originalPath ?? path });
      return { data: toBase64(bytes.subarray(offset, offset + length)), total: bytes.length };
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
