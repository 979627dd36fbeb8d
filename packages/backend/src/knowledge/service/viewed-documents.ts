import { deskError } from "@deskside/contract";
import type { Principal } from "@deskside/storage";
import { documentText, unpackDocument } from "../describe/document-text.ts";
import type { KnowledgeDeps } from "./knowledge-deps.ts";

/** What the viewer asks for. */
export function createViewedDocuments({ index, originals }: KnowledgeDeps) {
  return {
    async documentText(principal: Principal, id: string, offset: number, limit: number) {
      const content = await index.readText(principal, id);
      if (content === null) throw deskError("DOCUMENT_NOT_FOUND", { documentId: id });
      return documentText(await unpackDocument(content), offset, limit);
    },
    async passage(principal: Principal, documentId: string, passageId: string) {
      const [passage] = await index.readPassages(principal, [passageId]);
      if (passage?.documentId !== documentId) throw deskError("DOCUMENT_NOT_FOUND", { documentId });
      return { passageId, text: passage.text, spans: [...passage.spans] };
    },
    async documentBytes(principal: Principal, id: string, offset: number, length: number) {
      const document = await index.getDocument(principal, id);
      if (!document.readHere) throw deskError("DOCUMENT_ELSEWHERE", { document: document.path });
      const { data, total } = await originals.part(document, offset, length);
      return { data: Buffer.from(data).toString("base64"), total };
    },
  };
}
