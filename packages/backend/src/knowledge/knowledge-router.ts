import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "../backend-services.ts";
import type { Uploads } from "./files/uploads.ts";
import type { KnowledgeService } from "./knowledge-service.ts";
import type { TeamServer } from "./places/server/team-server.ts";
import { searchScope, toSearchHit } from "./search/document-search.ts";
import { selfTest } from "./search/self-test.ts";

type Builder = ReturnType<typeof builder>;
const builder = () => implement(contract.knowledge).$context<BackendContext>();

export function createKnowledgeRouter({ knowledge }: Pick<BackendServices, "knowledge">) {
  const os = builder();
  const { service, uploads, search, team } = knowledge;
  return os.router({
    collections: {
      list: os.collections.list.handler(({ context }) => service.listCollections(context.principal)),
      get: os.collections.get.handler(({ context, input }) =>
        service.getCollection(context.principal, input.collectionId),
      ),
      create: os.collections.create.handler(({ context, input }) => service.createCollection(context.principal, input)),
      rename: os.collections.rename.handler(({ context, input }) =>
        service.renameCollection(context.principal, input.collectionId, input.name),
      ),
      configure: os.collections.configure.handler(({ context, input }) =>
        service.configureCollection(context.principal, input.collectionId, input.settings),
      ),
      remove: os.collections.remove.handler(({ context, input }) =>
        service.removeCollection(context.principal, input.collectionId),
      ),
    },
    server: serverRoutes(os, team),
    documents: documentRoutes(os, service),
    upload: uploadRoutes(os, service, uploads),
    chatCollection: os.chatCollection.handler(({ context, input }) =>
      service.chatCollection(context.principal, input.chatId),
    ),
    folders: {
      watch: os.folders.watch.handler(({ context, input }) =>
        service.watchFolder(context.principal, input.collectionId, input.path),
      ),
      unwatch: os.folders.unwatch.handler(({ context, input }) =>
        service.unwatchFolder(context.principal, input.collectionId, input.path),
      ),
    },
    ingest: {
      watch: os.ingest.watch.handler(({ context, input, signal }) =>
        service.watchIngest(context.principal, input.collectionId, signal),
      ),
      pause: os.ingest.pause.handler(({ input }) => service.pauseIngest(input.collectionId)),
      resume: os.ingest.resume.handler(({ input }) => service.resumeIngest(input.collectionId)),
    },
    search: os.search.handler(async ({ context, input, signal }) => {
      const started = performance.now();
      const { scope, chatId, query, limit } = input;
      const found = await searchScope(search, context.principal, { scope, chatId, text: query, limit }, signal);
      const hits = found.hits.map((hit) => toSearchHit(hit, query));
      return { hits, ms: performance.now() - started, ...found.modes };
    }),
    selfTest: os.selfTest.handler(({ context, input, signal }) =>
      selfTest(search, context.principal, input.collectionId, signal),
    ),
  });
}

function serverRoutes(os: Builder, team: TeamServer) {
  return {
    get: os.server.get.handler(() => team.view),
    set: os.server.set.handler(({ input }) => {
      team.set(input.connectionString);
      return team.view;
    }),
    remove: os.server.remove.handler(() => {
      team.remove();
      return team.view;
    }),
    test: os.server.test.handler(({ input }) => team.test(input.connectionString)),
  };
}

function documentRoutes(os: Builder, service: KnowledgeService) {
  return {
    list: os.documents.list.handler(({ context, input }) =>
      service.listDocuments(context.principal, input.collectionId),
    ),
    get: os.documents.get.handler(({ context, input }) => service.getDocument(context.principal, input.documentId)),
    add: os.documents.add.handler(({ context, input }) =>
      service.addPaths(context.principal, input.collectionId, input.paths),
    ),
    remove: os.documents.remove.handler(({ context, input }) =>
      service.removeDocuments(context.principal, input.documentIds),
    ),
    retry: os.documents.retry.handler(({ context, input }) =>
      service.retryDocument(context.principal, input.documentId, input.password),
    ),
    locate: os.documents.locate.handler(({ context, input }) =>
      service.locateDocument(context.principal, input.documentId, input.path),
    ),
    text: os.documents.text.handler(({ context, input }) =>
      service.documentText(context.principal, input.documentId, input.offset, input.limit),
    ),
    passage: os.documents.passage.handler(({ context, input }) =>
      service.passage(context.principal, input.documentId, input.passageId),
    ),
    bytes: os.documents.bytes.handler(({ context, input }) =>
      service.documentBytes(context.principal, input.documentId, input.offset, input.length),
    ),
  };
}

function uploadRoutes(os: Builder, service: KnowledgeService, uploads: Uploads) {
  return {
    start: os.upload.start.handler(async ({ context, input }) => {
      const { ownerId } = context.principal;
      await service.getCollection(context.principal, input.collectionId);
      return { uploadId: uploads.start({ ...input, ownerId }) };
    }),
    piece: os.upload.piece.handler(({ context, input }) =>
      uploads.piece(context.principal.ownerId, input.uploadId, input.offset, Buffer.from(input.data, "base64")),
    ),
    finish: os.upload.finish.handler(({ context, input }) => service.finishUpload(context.principal, input.uploadId)),
    cancel: os.upload.cancel.handler(({ context, input }) => uploads.cancel(context.principal.ownerId, input.uploadId)),
  };
}
