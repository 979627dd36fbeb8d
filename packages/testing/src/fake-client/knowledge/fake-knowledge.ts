import {
  type Collection,
  collectionSettingsSchema,
  type Contract,
  deskError,
  type IngestStatus,
  type KnowledgeDocument,
  type SelfTestEvent,
} from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream } from "../change-feed.ts";
import type { FakeWorld } from "../fake-world.ts";

type KnowledgeClient = ContractClient<Contract>["knowledge"];

/** Collections and documents in memory. A file that is added is ready at once; nothing is searched. */
export function createFakeKnowledge(world: FakeWorld): KnowledgeClient {
  const { collections, documents } = world.knowledge;
  const find = (id: string): Collection => {
    const found = collections.get(id);
    if (!found) throw deskError("COLLECTION_NOT_FOUND", { collection: id });
    return found;
  };
  const change = (id: string, patch: Partial<Collection>): Collection => {
    const next = { ...find(id), ...patch };
    collections.set(id, next);
    world.feed.emit({ type: "knowledge", collectionId: id });
    return next;
  };
  const document = (id: string): KnowledgeDocument => {
    const found = documents.get(id);
    if (!found) throw deskError("DOCUMENT_NOT_FOUND", { documentId: id });
    return found;
  };
  const listed = (id: string) => [...documents.values()].filter(({ collectionId }) => collectionId === id);
  const add = (collectionId: string, path: string, bytes: number): KnowledgeDocument => {
    const made = sampleDocument({ id: `doc_${documents.size + 1}`, collectionId, path, bytes, addedAt: world.now() });
    documents.set(made.id, made);
    change(collectionId, { files: { ...find(collectionId).files, total: listed(collectionId).length } });
    return made;
  };
  return {
    collections: {
      list: async () => [...collections.values()].filter(({ kind }) => kind === "collection"),
      get: async ({ collectionId }) => find(collectionId),
      create: async ({ name, settings }) => {
        const made = sampleCollection({ id: `col_${collections.size + 1}`, name, createdAt: world.now() });
        collections.set(made.id, { ...made, settings: collectionSettingsSchema.parse(settings ?? {}) });
        return change(made.id, {});
      },
      rename: async ({ collectionId, name }) => change(collectionId, { name }),
      configure: async ({ collectionId, settings }) =>
        change(collectionId, { settings: collectionSettingsSchema.parse(settings) }),
      remove: async ({ collectionId }) => {
        change(collectionId, {});
        collections.delete(collectionId);
      },
    },
    documents: createFakeDocuments({ documents, document, listed, add }),
    upload: createFakeUpload(add),
    chatCollection: async ({ chatId }) => chatCollectionOf(collections, chatId),
    folders: {
      watch: async ({ collectionId, path }) => change(collectionId, { watched: [{ path, state: "watching" }] }),
      unwatch: async ({ collectionId }) => change(collectionId, { watched: [] }),
    },
    ingest: {
      watch: async ({ collectionId }) => asClientStream(onceOnly(statusOf(find(collectionId)))),
      pause: async () => undefined,
      resume: async () => undefined,
    },
    search: async () => ({ hits: world.knowledge.hits, ms: 12, fullText: "on", vectors: "on" }),
    selfTest: async () =>
      asClientStream(onceOnly<SelfTestEvent>({ type: "done", questions: 20, recallAt1: 0.9, recallAt5: 1, weak: [] })),
  };
}

function chatCollectionOf(collections: Map<string, Collection>, chatId: string): Collection {
  const known = [...collections.values()].find(({ name, kind }) => kind === "chat" && name === chatId);
  if (known) return known;
  const made: Collection = { ...sampleCollection({ id: `col_${chatId}`, name: chatId }), kind: "chat" };
  collections.set(made.id, made);
  return made;
}

interface FakeShelf {
  readonly documents: Map<string, KnowledgeDocument>;
  document(id: string): KnowledgeDocument;
  listed(collectionId: string): KnowledgeDocument[];
  add(collectionId: string, path: string, bytes: number): KnowledgeDocument;
}

function createFakeDocuments({ documents, document, listed, add }: FakeShelf): KnowledgeClient["documents"] {
  return {
    list: async ({ collectionId }) => listed(collectionId),
    get: async ({ documentId }) => document(documentId),
    add: async ({ collectionId, paths }) => paths.map((path) => add(collectionId, path, 1000)),
    remove: async ({ documentIds }) => {
      for (const id of documentIds) documents.delete(id);
    },
    retry: async ({ documentId }) => document(documentId),
    locate: async ({ documentId }) => document(documentId),
    text: async ({ documentId }) => ({
      format: document(documentId).format ?? "text",
      blocks: [],
      offset: 0,
      total: 0,
    }),
    passage: async ({ passageId }) => ({ passageId, text: "Overall vibration rose.", spans: [] }),
    bytes: async () => ({ data: "", total: 0 }),
  };
}

function createFakeUpload(
  add: (collectionId: string, path: string, bytes: number) => KnowledgeDocument,
): KnowledgeClient["upload"] {
  const open = new Map<string, { collectionId: string; path: string; bytes: number }>();
  return {
    start: async (input) => {
      const uploadId = `up_${open.size + 1}`;
      open.set(uploadId, input);
      return { uploadId };
    },
    piece: async () => undefined,
    finish: async ({ uploadId }) => {
      const upload = open.get(uploadId);
      if (!upload) throw deskError("UPLOAD_NOT_FOUND", { uploadId });
      return add(upload.collectionId, upload.path, upload.bytes);
    },
    cancel: async ({ uploadId }) => void open.delete(uploadId),
  };
}

function statusOf({ id, files }: Collection): IngestStatus {
  const vectors = { done: files.ready, total: files.total };
  return {
    collectionId: id,
    files,
    paused: false,
    waitingForAnswer: false,
    pagesPerSecond: null,
    secondsLeft: null,
    vectors,
  };
}

async function* onceOnly<T>(value: T): AsyncGenerator<T> {
  yield value;
}

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
