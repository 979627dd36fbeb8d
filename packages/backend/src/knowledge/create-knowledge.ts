import { join } from "node:path";
import type { Clock } from "@deskside/base";
import { createEmbeddedIndex, createScrubState, type PassageIndex, startIndexWorker } from "@deskside/knowledge";
import { createSealedFiles, deriveKey, localUser, openKnowledge, type Workspace } from "@deskside/storage";
import type { EmbeddingEngine } from "../engines/embedding/embedding-engine.ts";
import type { DocumentSearch } from "../generation/documents/look-up.ts";
import type { Logger } from "../log/logger.ts";
import type { EventHub } from "../system/event-hub.ts";
import { createOriginals, mostBytes } from "./files/originals.ts";
import { createUploads, type Uploads } from "./files/uploads.ts";
import { createFolderWatcher } from "./folders/folder-watcher.ts";
import { createIngestQueue } from "./ingest/ingest-queue.ts";
import type { DocumentParser } from "@deskside/knowledge";
import { createVectorFiller } from "./ingest/vector-filler.ts";
import { createKnowledgeService, type KnowledgeService } from "./knowledge-service.ts";
import { createDocumentSearch, type SearchDeps } from "./search/document-search.ts";

export interface KnowledgeOptions {
  readonly dataDir: string;
  readonly dataKey: Uint8Array;
  readonly workspace: Workspace;
  readonly indexScript: URL | null;
  readonly parser: DocumentParser;
  readonly embedding: EmbeddingEngine;
  readonly isAnswering: () => boolean;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that reads, keeps and searches documents. */
export interface Knowledge {
  readonly service: KnowledgeService;
  readonly uploads: Uploads;
  readonly search: SearchDeps;
  readonly documents: DocumentSearch;
}

/** Characters of a token in a text of either language, for the time when no model counts. */
const roughTokenLength = { latin: 4, han: 1.5 };

/** What has to be closed goes onto `stack`. Throws what `openKnowledge` throws. */
export async function createKnowledge(options: KnowledgeOptions, stack: AsyncDisposableStack): Promise<Knowledge> {
  const { dataDir, dataKey, workspace, embedding, events, clock, log } = options;
  const owner = localUser;
  const index = await openIndex(options);
  stack.defer(() => index.close());
  const files = createSealedFiles({ folder: join(dataDir, "files"), key: deriveKey(dataKey, "files") });
  const originals = createOriginals(files);
  const uploads = createUploads(files, { mostBytes });
  stack.use(uploads);
  stack.use(options.parser);
  const publish = (collectionId: string) => events.publish({ type: "knowledge", collectionId });
  const vectors = createVectorFiller({ index, embedding, owner, log, onProgress: () => changed("") });
  stack.use(vectors);
  const scrubKey = deriveKey(dataKey, "personal-data");
  const queue = createIngestQueue({
    ...{ index, originals, parser: options.parser, owner, log },
    now: () => clock.monotonic(),
    onChange: (collectionId) => {
      changed(collectionId);
      vectors.wake();
    },
    countTokens: (texts, signal) => countTokens(embedding, texts, signal),
    scrubState: ({ id, settings }, language) =>
      settings.scrub.length === 0
        ? null
        : createScrubState({
            kinds: settings.scrub,
            key: scrubKey,
            known: workspace.personalData.list(owner, id),
            language,
          }),
    keepScrubbed: ({ id }, state) => workspace.personalData.add(owner, id, state.takeNew()),
  });
  stack.use(queue);
  const folders = createFolderWatcher({
    ...{ index, owner, log },
    onAdded: () => queue.wake(),
    onRemoved: (documentId) => queue.drop(documentId),
    onChange: (collectionId) => changed(collectionId),
  });
  stack.use(folders);
  const replaced = (collectionId: string) => workspace.personalData.counts(owner, collectionId);
  const { isAnswering } = options;
  const service = createKnowledgeService({
    ...{ index, queue, vectors, originals, uploads, folders, isAnswering, replaced, publish },
    forgetPersonalData: (collectionId) => workspace.personalData.remove(owner, collectionId),
  });
  function changed(collectionId: string): void {
    service.changed(collectionId);
  }
  await resumeInterrupted(index);
  for (const collection of await index.listCollections(owner)) folders.follow(collection);
  queue.wake();
  vectors.wake();
  const search = { index, embedding, vectors };
  return { service, uploads, search, documents: createDocumentSearch(search) };
}

/** What a process that ended left half done waits again. Its attempts are counted: a file that ends its reader is given up. */
async function resumeInterrupted(index: PassageIndex): Promise<void> {
  for (const { id } of await index.listDocuments(localUser, { states: ["reading", "splitting"], limit: 10_000 }))
    await index.changeDocument(localUser, id, { state: "waiting" });
}

/** In a thread of its own where there is a script for it: SQLite is synchronous. */
async function openIndex({ dataDir, dataKey, indexScript, clock, log }: KnowledgeOptions): Promise<PassageIndex> {
  if (indexScript === null) return createEmbeddedIndex(openKnowledge({ dataDir, dataKey, clock, log }), clock);
  const { index, repair, readOnly } = await startIndexWorker({ script: indexScript, dataDir, dataKey, log });
  if (repair !== null) log.warn({ repair }, "the index of documents was made again: its files are read once more");
  if (readOnly !== null) log.warn({ readOnly }, "the index of documents can only be read");
  return index;
}

/** By the embedding model; without one a rough count keeps full-text search going. */
async function countTokens(
  embedding: EmbeddingEngine,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<number[]> {
  try {
    return await embedding.countTokens(texts, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error) || !("code" in error) || error.code !== "EMBEDDING_UNAVAILABLE") throw error;
    return texts.map((text) => {
      const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
      return Math.ceil(han / roughTokenLength.han + (text.length - han) / roughTokenLength.latin);
    });
  }
}
