import { createChangeSignal } from "../library/downloads/change-signal.ts";
import { createCollections } from "./service/collections.ts";
import { createDocuments } from "./service/documents.ts";
import { createIngest } from "./service/ingest-status.ts";
import type { Changed, KnowledgeDeps } from "./service/knowledge-deps.ts";
import { createSpecialCollections } from "./service/special-collections.ts";
import { createUploadedDocuments } from "./service/uploaded-documents.ts";
import { createViewedDocuments } from "./service/viewed-documents.ts";

type Parts = ReturnType<typeof createCollections> &
  ReturnType<typeof createSpecialCollections> &
  ReturnType<typeof createDocuments> &
  ReturnType<typeof createUploadedDocuments> &
  ReturnType<typeof createViewedDocuments> &
  ReturnType<typeof createIngest>;

export interface KnowledgeService extends Parts {
  /** Tells those who watch. */
  changed: Changed;
}

/** Collections and their documents, for whoever asks. Reading goes on in the background. */
export function createKnowledgeService(deps: KnowledgeDeps): KnowledgeService {
  const changes = createChangeSignal();
  const changed = (collectionId: string): void => {
    changes.notify();
    deps.publish(collectionId);
  };
  return {
    ...createCollections(deps, changed),
    ...createSpecialCollections(deps, changed),
    ...createDocuments(deps, changed),
    ...createUploadedDocuments(deps, changed),
    ...createViewedDocuments(deps),
    ...createIngest(deps, changes),
    changed,
  };
}
