import type { KnowledgeDocument } from "@deskside/contract";
import type { Principal } from "@deskside/storage";
import { describeDocument } from "../describe/describe-document.ts";
import type { Changed, KnowledgeDeps } from "./knowledge-deps.ts";

/** Files that came as bytes: kept by us, read like any other. */
export function createUploadedDocuments({ index, queue, uploads }: KnowledgeDeps, changed: Changed) {
  return {
    async finishUpload(principal: Principal, uploadId: string): Promise<KnowledgeDocument> {
      const upload = uploads.finish(principal.ownerId, uploadId);
      const { collectionId, path, bytes, hash } = upload;
      const document = await index.addDocument(principal, collectionId, {
        path,
        originalPath: null,
        bytes,
        modifiedAt: null,
      });
      await index.changeDocument(principal, document.id, { contentHash: hash });
      changed(collectionId);
      queue.wake();
      return describeDocument(await index.getDocument(principal, document.id), null);
    },
  };
}
