import {
  type Collection,
  collectionSettingsSchema,
  type Contract,
  deskError,
  type IngestStatus,
  type KnowledgeDocument,
} from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream, createChangeFeed } from "../change-feed.ts";
import type { FakeWorld } from "../fake-world.ts";
import { createFakeDocuments } from "./fake-documents.ts";
import { createFakeTeamServer } from "./fake-team-server.ts";
import { sampleCollection, sampleDocument } from "./sample-knowledge.ts";

type KnowledgeClient = ContractClient<Contract>["knowledge"];

/** Collections and documents in memory. A file that is added is ready at once; every search answers the same. */
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
  const listed = (id: string) =>
    [...documents.values()]
      .filter(({ collectionId }) => collectionId === id)
      .sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
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
      create: async ({ name, settings, place = "here" }) => {
        const made = sampleCollection({ id: `col_${collections.size + 1}`, name, createdAt: world.now() });
        collections.set(made.id, { ...made, place, settings: collectionSettingsSchema.parse(settings ?? {}) });
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
    server: createFakeTeamServer(world),
    documents: createFakeDocuments(world, { document, listed, add, change }),
    upload: createFakeUpload(add),
    chatCollection: async ({ chatId }) => chatCollectionOf(collections, chatId),
    folders: {
      watch: async ({ collectionId, path }) => change(collectionId, { watched: [{ path, state: "watching" }] }),
      unwatch: async ({ collectionId }) => change(collectionId, { watched: [] }),
    },
    ingest: createFakeIngest(world, find),
    search: async () => ({ hits: world.knowledge.hits, ms: 12, fullText: "on", vectors: "on" }),
    selfTest: async () => asClientStream(inOrder(world.knowledge.selfTest)),
  };
}

const rank = ({ state }: KnowledgeDocument): number => (state === "failed" ? 0 : 1);

function createFakeIngest(world: FakeWorld, find: (id: string) => Collection): KnowledgeClient["ingest"] {
  const { ingest } = world.knowledge;
  const changes = createChangeFeed<IngestStatus>();
  const status = (id: string) => ({ ...statusOf(find(id)), ...ingest.get(id) });
  const set = (collectionId: string, paused: boolean) => {
    ingest.set(collectionId, { ...ingest.get(collectionId), paused });
    changes.emit(status(collectionId));
  };
  return {
    watch: async ({ collectionId }, call) => asClientStream(changes.read([status(collectionId)], call?.signal)),
    pause: async ({ collectionId }) => set(collectionId, true),
    resume: async ({ collectionId }) => set(collectionId, false),
  };
}

function chatCollectionOf(collections: Map<string, Collection>, chatId: string): Collection {
  const known = [...collections.values()].find(({ name, kind }) => kind === "chat" && name === chatId);
  if (known) return known;
  const made: Collection = { ...sampleCollection({ id: `col_${chatId}`, name: chatId }), kind: "chat" };
  collections.set(made.id, made);
  return made;
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

async function* inOrder<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
