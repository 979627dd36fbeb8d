import type { KnowledgeDocument } from "@deskside/contract";
import type { IndexedDocument } from "@deskside/knowledge";

/** `progress`: of the file that is being read right now; null = not known. */
export function describeDocument(document: IndexedDocument, progress: number | null): KnowledgeDocument {
  const { id, collection, path, title, format, bytes, pages, state, failure, warnings, passages } = document;
  const { replaced, originalPath, addedAt, readyAt } = document;
  return {
    ...{ id, collectionId: collection, path, title, format, bytes, pages, state, passages, addedAt, readyAt },
    ...{ failure, warnings: [...warnings], originalPath, progress },
    replaced: replaced === null ? null : Object.values(replaced).reduce((sum, count) => sum + count, 0),
  };
}

const failuresFirst = (state: KnowledgeDocument["state"]): number =>
  state === "failed" || state === "missing" ? 0 : 1;

/** What needs somebody first, then by path. */
export function byNeed(a: KnowledgeDocument, b: KnowledgeDocument): number {
  return failuresFirst(a.state) - failuresFirst(b.state) || a.path.localeCompare(b.path);
}
