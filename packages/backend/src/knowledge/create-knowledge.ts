import { join } from "node:path";
import { type Clock, isDesksideError } from "@deskside/base";
import { createEmbeddedIndex, createScrubState, type PassageIndex, startIndexWorker } from "@deskside/knowledge";
import { createSealedFiles, deriveKey, localUser, openKnowledge, type Workspace } from "@deskside/storage";
import type { Egress } from "../egress/index.ts";
import type { EmbeddingEngine } from "../engines/embedding/embedding-engine.ts";
import type { DocumentSearch } from "../generation/documents/look-up.ts";
import type { Logger } from "../log/logger.ts";
import type { SettingsService } from "../settings/settings-service.ts";
import type { EventHub } from "../system/event-hub.ts";
import { createOriginals, mostBytes, type Originals } from "./files/originals.ts";
import { createUploads, type Uploads } from "./files/uploads.ts";
import { createFolderWatcher } from "./folders/folder-watcher.ts";
import { createIngestQueue } from "./ingest/ingest-queue.ts";
import type { DocumentParser } from "@deskside/knowledge";
import { createPlacedQueue } from "./ingest/placed-queue.ts";
import { createVectorFiller } from "./ingest/vector-filler.ts";
import { createKnowledgeService, type KnowledgeService } from "./knowledge-service.ts";
import { createPlacedIndex, type Place } from "./places/placed-index.ts";
import { isAway } from "./places/server/is-away.ts";
import type { ServerDoor } from "./places/server/server-door.ts";
import { createServerSettings } from "./places/server/server-settings.ts";
import { createTeamServer, type TeamServer, type TeamServerDeps } from "./places/server/team-server.ts";
import { createDocumentSearch, type SearchDeps } from "./search/document-search.ts";

export interface KnowledgeOptions {
  readonly dataDir: string;
  readonly dataKey: Uint8Array;
  readonly workspace: Workspace;
  readonly indexScript: URL | null;
  readonly parser: DocumentParser;
  readonly embedding: EmbeddingEngine;
  readonly isAnswering: () => boolean;
  readonly settings: SettingsService;
  readonly egress: Egress;
  /** Guards the policy of `egress`. */
  readonly serverDoor: ServerDoor;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that reads, keeps and searches documents. */
export interface Knowledge {
  readonly service: KnowledgeService;
  readonly team: TeamServer;
  readonly uploads: Uploads;
  readonly search: SearchDeps;
  readonly documents: DocumentSearch;
}

/** Characters of a token in a text of either language, for the time when no model counts. */
const roughTokenLength = { latin: 4, han: 1.5 };

/** What has to be closed goes onto `stack`. Throws what `openKnowledge` throws. */
export async function createKnowledge(options: KnowledgeOptions, stack: AsyncDisposableStack): Promise<Knowledge> {
  const { dataDir, dataKey, workspace, embedding, events, log, isAnswering } = options;
  const owner = localUser;
  const here = await openIndex(options);
  stack.defer(() => here.close());
  const files = createSealedFiles({ folder: join(dataDir, "files"), key: deriveKey(dataKey, "files") });
  const uploads = stack.use(createUploads(files, { mostBytes }));
  const originals = createOriginals(files);
  stack.use(options.parser);
  const changed = (collectionId: string) => service.changed(collectionId);
  const team = stack.use(openTeamServer(options, { onReady: () => void serverIsReady(), onChange: () => changed("") }));
  const index = createPlacedIndex({ here, server: team.index, serverState: () => team.view.state });
  const parts = { ...options, originals, changed };
  const ingest = {
    here: createIngest(here, true, parts, stack),
    server: createIngest(team.index, false, parts, stack),
  };
  const queue = createPlacedQueue({ here: ingest.here.queue, server: ingest.server.queue });
  const vectors = {
    model: () => ingest.here.vectors.model(),
    wake: () => {
      ingest.here.vectors.wake();
      ingest.server.vectors.wake();
    },
  };
  const folders = createFolderWatcher({
    ...{ index, owner, log },
    onAdded: () => queue.wake(),
    onRemoved: (documentId) => queue.drop(documentId),
    onChange: changed,
  });
  stack.use(folders);
  const service = createKnowledgeService({
    ...{ index, queue, vectors, originals, uploads, folders, isAnswering },
    replaced: (collectionId) => workspace.personalData.counts(owner, collectionId),
    publish: (collectionId) => events.publish({ type: "knowledge", collectionId }),
    forgetPersonalData: (collectionId) => workspace.personalData.remove(owner, collectionId),
  });
  const serverIsReady = async () => {
    changed("");
    queue.wake();
    vectors.wake();
    await follow("server");
  };
  /** Folders of this computer whose files belong to collections there. */
  const follow = async (place: Place) => {
    try {
      for (const collection of await index.listCollections(owner, place)) folders.follow(collection);
    } catch (error) {
      if (!isAway(error)) log.error({ err: error }, "watched folders could not be looked up");
    }
  };
  await service.forgetGoneChats(owner, (chatId) => isChat(workspace, chatId));
  await resumeInterrupted(here);
  await follow("here");
  queue.wake();
  vectors.wake();
  team.start();
  const search = { index, embedding, vectors: ingest.here.vectors };
  return { service, team, uploads, search, documents: createDocumentSearch(search) };
}

function openTeamServer(
  { dataKey, workspace, settings, egress, serverDoor: door, events, clock, log }: KnowledgeOptions,
  listeners: Pick<TeamServerDeps, "onReady" | "onChange">,
): TeamServer {
  return createTeamServer({
    ...{ door, egress, events, clock, log, ...listeners },
    settings: createServerSettings({ settings, secrets: workspace.secrets }),
    // The same data directory is the same computer, whatever else changes.
    computer: Buffer.from(deriveKey(dataKey, "team-server/computer")).toString("hex").slice(0, 16),
  });
}

function isChat(workspace: Workspace, chatId: string): boolean {
  try {
    return workspace.chats.get(localUser, chatId) !== null;
  } catch (error) {
    if (isDesksideError(error) && error.code === "CHAT_NOT_FOUND") return false;
    throw error;
  }
}

type IngestParts = KnowledgeOptions & {
  readonly originals: Originals;
  readonly changed: (collectionId: string) => void;
};

/** What reads files into one index, and gives their passages vectors. */
function createIngest(index: PassageIndex, mayChangeModel: boolean, parts: IngestParts, stack: AsyncDisposableStack) {
  const { dataKey, workspace, embedding, originals, parser, clock, log, changed } = parts;
  const owner = localUser;
  const vectors = createVectorFiller({ index, embedding, owner, mayChangeModel, log, onProgress: () => changed("") });
  stack.use(vectors);
  const scrubKey = deriveKey(dataKey, "personal-data");
  const queue = createIngestQueue({
    ...{ index, originals, parser, owner, log },
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
  return { queue, vectors };
}

/** What a process that ended left half done waits again. */
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
