import type { TextRange } from "@deskside/contract";
import type { Route } from "../../app/routes.ts";

/** A place in the documents section: a collection, or a passage of a document in the viewer. */
export type DocumentPlace =
  | { readonly kind: "home" }
  | { readonly kind: "collection"; readonly collectionId: string }
  | {
      readonly kind: "document";
      readonly documentId: string;
      readonly passage: string | null;
      readonly range: TextRange | null;
    };

export const documentsHome: Route = { section: "documents", id: null };

export function collectionRoute(collectionId: string): Route {
  return { section: "documents", id: `c.${collectionId}` };
}

export function documentRoute(place: { documentId: string; passage?: string; range?: TextRange }): Route {
  const { documentId, passage, range } = place;
  const parts = ["d", documentId, ...(passage === undefined ? [] : [passage])];
  return {
    section: "documents",
    id: [...parts, ...(range && passage !== undefined ? [range.start, range.end] : [])].join("."),
  };
}

/** Ids hold letters, digits, `_` and `-`: the dot stands between parts. */
export function parseDocumentRoute(id: string | null): DocumentPlace {
  const [kind, first, passage, start, end] = id?.split(".") ?? [];
  if (kind === "c" && first) return { kind: "collection", collectionId: first };
  if (kind !== "d" || !first) return { kind: "home" };
  const range = start === undefined || end === undefined ? null : { start: Number(start), end: Number(end) };
  return { kind: "document", documentId: first, passage: passage ?? null, range };
}
