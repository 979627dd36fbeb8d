import type { Collection } from "@deskside/contract";
import type { Originals } from "../files/originals.ts";
import type { Uploads } from "../files/uploads.ts";
import type { FolderWatcher } from "../folders/folder-watcher.ts";
import type { PlacedQueue } from "../ingest/placed-queue.ts";
import type { VectorFiller } from "../ingest/vector-filler.ts";
import type { PlacedIndex } from "../places/placed-index.ts";

export interface KnowledgeDeps {
  readonly index: PlacedIndex;
  readonly queue: PlacedQueue;
  readonly vectors: Pick<VectorFiller, "wake" | "model">;
  readonly originals: Originals;
  readonly uploads: Uploads;
  readonly folders: FolderWatcher;
  /** Somebody waits for an answer: vectors wait. */
  readonly isAnswering: () => boolean;
  readonly replaced: (collectionId: string) => Collection["replaced"];
  readonly forgetPersonalData: (collectionId: string) => void;
  readonly publish: (collectionId: string) => void;
}

/** Tells windows that a collection, or a document of it, is not what it was. */
export type Changed = (collectionId: string) => void;

/** More than any collection holds: a limit against asking for everything by mistake. */
export const mostListed = 100_000;
