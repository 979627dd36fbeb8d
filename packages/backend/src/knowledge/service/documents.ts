import { deskError, type KnowledgeDocument } from "@deskside/contract";
import type { IndexedDocument } from "@deskside/knowledge";
import type { Principal } from "@deskside/storage";
import { byNeed, describeDocument } from "../describe/describe-document.ts";
import { listFiles } from "../files/list-files.ts";
import { forgetOriginals } from "./forget-originals.ts";
import { type Changed, type KnowledgeDeps, mostListed } from "./knowledge-deps.ts";

export function createDocuments(deps: KnowledgeDeps, changed: Changed) {
  const { index, queue } = deps;
  const describe = (document: IndexedDocument): KnowledgeDocument =>
    describeDocument(document, queue.progressOf(document.id));
  const again = async (principal: Principal, id: string, change: { originalPath?: string } = {}) => {
    await index.changeDocument(principal, id, { ...change, state: "waiting", failure: null, attempts: 0 });
    const document = await index.getDocument(principal, id);
    changed(document.collection);
    queue.wake();
    return describe(document);
  };
  return {
    async listDocuments(principal: Principal, collectionId: string): Promise<KnowledgeDocument[]> {
      await index.getCollection(principal, collectionId);
      const documents = await index.listDocuments(principal, { collectionId, limit: mostListed });
      return documents.map(describe).sort(byNeed);
    },
    getDocument: async (principal: Principal, id: string) => describe(await index.getDocument(principal, id)),
    async addPaths(principal: Principal, collectionId: string, paths: readonly string[]): Promise<KnowledgeDocument[]> {
      await index.getCollection(principal, collectionId);
      const added: KnowledgeDocument[] = [];
      for (const path of paths) {
        for (const file of await listFiles(path)) {
          const { original: originalPath, path: label, bytes, modifiedAt } = file;
          added.push(
            describe(
              await index.addDocument(principal, collectionId, { path: label, originalPath, bytes, modifiedAt }),
            ),
          );
        }
      }
      changed(collectionId);
      queue.wake();
      return added;
    },
    async removeDocuments(principal: Principal, ids: readonly string[]): Promise<void> {
      const removed: IndexedDocument[] = [];
      for (const id of ids) {
        const document = await index.getDocument(principal, id);
        queue.drop(id);
        await index.removeDocument(principal, id);
        removed.push(document);
        changed(document.collection);
      }
      await forgetOriginals(deps, principal, removed);
    },
    async retryDocument(principal: Principal, id: string, password: string | null) {
      const { readHere, path } = await index.getDocument(principal, id);
      if (!readHere) throw deskError("DOCUMENT_ELSEWHERE", { document: path });
      if (password !== null) queue.setPassword(id, password);
      return again(principal, id);
    },
    locateDocument: (principal: Principal, id: string, path: string) => again(principal, id, { originalPath: path }),
  };
}
