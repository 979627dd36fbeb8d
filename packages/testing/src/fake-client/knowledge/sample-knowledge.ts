import { type Collection, collectionSettingsSchema, type KnowledgeDocument } from "@deskside/contract";

export function sampleCollection(patch: Partial<Collection> = {}): Collection {
  return {
    ...{
      id: "col_1",
      name: "Plant manuals",
      kind: "collection",
      place: "here",
      settings: collectionSettingsSchema.parse({}),
    },
    files: { total: 3, ready: 3, working: 0, waiting: 0, failed: 0, skipped: 0 },
    ...{
      pages: 96,
      passages: 412,
      indexBytes: 1_900_000,
      vectors: { model: "multilingual-e5-small", done: 412, total: 412 },
    },
    ...{ replaced: {}, watched: [], createdAt: 0 },
    ...patch,
  };
}

export function sampleDocument(patch: Partial<KnowledgeDocument> = {}): KnowledgeDocument {
  return {
    ...{
      id: "doc_1",
      collectionId: "col_1",
      path: "manual.pdf",
      title: null,
      format: "pdf",
      bytes: 3_100_000,
      pages: 48,
    },
    ...{ state: "ready", progress: null, failure: null, warnings: [], passages: 210, replaced: null },
    ...{ originalPath: "/home/a/manual.pdf", addedAt: 0, readyAt: 1 },
    ...patch,
  };
}
