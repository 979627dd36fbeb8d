import { useCollections, useDocument } from "../../app/data/use-knowledge.ts";
import { parseDocumentRoute } from "./document-routes.ts";

export interface OpenCollection {
  readonly collectionId: string | null;
  readonly documentId: string | null;
}

/** Which collection a place belongs to; at home the only one there is. */
export function useOpenCollection(id: string | null): OpenCollection {
  const place = parseDocumentRoute(id);
  const collections = useCollections();
  const document = useDocument(place.kind === "document" ? place.documentId : null).data;
  if (place.kind === "collection") return { collectionId: place.collectionId, documentId: null };
  if (place.kind === "document") return { collectionId: document?.collectionId ?? null, documentId: place.documentId };
  return { collectionId: collections?.length === 1 ? (collections[0]?.id ?? null) : null, documentId: null };
}
