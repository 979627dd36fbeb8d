import type { Collection, CollectionSettings, DocumentState, KnowledgeDocument, ReadWarning } from "@deskside/contract";
import type { Passage } from "../chunk/passage.ts";

/** Whose rows are meant. */
export interface Owner {
  readonly ownerId: string;
}

/** A model that makes vectors. `id` also says version and file: vectors of different ids are never compared. */
export interface VectorModel {
  readonly id: string;
  readonly dimensions: number;
}

export interface IndexedCollection {
  readonly id: string;
  readonly name: string;
  readonly kind: Collection["kind"];
  readonly settings: CollectionSettings;
  readonly watched: Collection["watched"];
  /** The model whose vectors answer, and the one that takes over when every passage has its vector; null = none. */
  readonly model: string | null;
  readonly nextModel: string | null;
  readonly createdAt: number;
}

export interface IndexedDocument {
  readonly id: string;
  /** Of the collection. */
  readonly collection: string;
  readonly path: string;
  readonly originalPath: string | null;
  readonly contentHash: string | null;
  readonly bytes: number;
  readonly modifiedAt: number | null;
  readonly format: KnowledgeDocument["format"];
  readonly title: string | null;
  readonly pages: number | null;
  readonly state: DocumentState;
  readonly failure: KnowledgeDocument["failure"];
  readonly warnings: readonly ReadWarning[];
  readonly replaced: Readonly<Record<string, number>> | null;
  readonly passages: number;
  /** How often reading began. */
  readonly attempts: number;
  /** False: another computer added it, and only that one can read its original. */
  readonly readHere: boolean;
  readonly addedAt: number;
  readonly readyAt: number | null;
}

type Changeable = "state" | "bytes" | "modifiedAt" | "contentHash" | "format" | "title" | "pages" | "originalPath";
export type IndexedDocumentChange = Partial<
  Pick<IndexedDocument, Changeable | "failure" | "replaced" | "attempts"> & { warnings: ReadWarning[] }
>;

export interface DocumentFilter {
  readonly collectionId?: string;
  readonly states?: readonly DocumentState[];
  readonly contentHash?: string;
  readonly path?: string;
  /** Only those whose originals this computer can read. */
  readonly readHere?: true;
  readonly limit: number;
  readonly offset?: number;
}

/** A passage that waits for its vector: `text` is what is to be embedded, title and headings included. */
export interface PendingPassage {
  readonly id: string;
  readonly text: string;
}

export interface PassageQuery {
  readonly scope:
    | { readonly kind: "collections"; readonly ids: readonly string[] }
    | { readonly kind: "documents"; readonly ids: readonly string[] };
  readonly text: string;
  /** Of the question, normalised; null: words alone. Collections whose vectors are of another model are searched by words. */
  readonly vector: { readonly model: string; readonly values: Float32Array } | null;
  readonly limit: number;
  /** 0 = best first; towards 1, passages that repeat better ones move back (maximal marginal relevance). */
  readonly diversity?: number;
}

export interface PassageHit {
  readonly passageId: string;
  readonly documentId: string;
  readonly collectionId: string;
  readonly path: string;
  readonly position: number;
  readonly text: string;
  readonly context: Passage["context"];
  readonly kind: Passage["kind"];
  readonly spans: Passage["spans"];
  readonly tokens: number;
  /** Joint score; comparable within one search only. */
  readonly score: number;
  /** Share of the best word score; null where no word of the question is in the passage. */
  readonly fullText: number | null;
  /** Cosine with the question, and the same in standard deviations above the mean of what was searched. */
  readonly vector: number | null;
  readonly deviations: number | null;
}

export interface PassageSearch {
  readonly hits: readonly PassageHit[];
  /** Passages in the scope. */
  readonly passages: number;
  /** Passages that contain a term of the question, by its key. */
  readonly frequencies: Readonly<Record<string, number>>;
  /** Share of the question that the passage that has most of it contains: near 0 when the languages differ. */
  readonly coverage: number;
  /** Of the cosines with everything searched; null without vectors. */
  readonly cosines: { readonly mean: number; readonly deviation: number } | null;
  readonly ms: number;
}

export interface IndexStats {
  /** Of the file or the tables, altogether. */
  readonly bytes: number;
  readonly collections: readonly {
    readonly id: string;
    readonly files: readonly { state: DocumentState; files: number; pages: number; passages: number }[];
    readonly passages: number;
    /** Its share of all bytes, by passages. */
    readonly bytes: number;
    /** Passages that wait for a vector of `nextModel`, or else of `model`. */
    readonly waiting: number;
  }[];
}

/**
 * Collections, documents and their passages, searchable by words and by vectors. Everything is asynchronous: behind it
 * stands a file on this computer or a database server. Changes are durable when the promise resolves.
 */
export interface PassageIndex {
  createCollection(
    owner: Owner,
    collection: Pick<IndexedCollection, "name" | "kind" | "settings">,
  ): Promise<IndexedCollection>;
  listCollections(owner: Owner): Promise<IndexedCollection[]>;
  getCollection(owner: Owner, id: string): Promise<IndexedCollection>;
  changeCollection(
    owner: Owner,
    id: string,
    change: Partial<Pick<IndexedCollection, "name" | "settings" | "watched">>,
  ): Promise<IndexedCollection>;
  /** Out of sight when this resolves; its rows are deleted in small steps afterwards, also across restarts. */
  removeCollection(owner: Owner, id: string): Promise<void>;
  /** Which model a collection's passages are to have vectors of. The old one answers until the new one has all. */
  useModel(owner: Owner, collectionId: string, model: VectorModel | null): Promise<void>;

  /**
   * Adds a file that waits to be read; one that is there already waits again, its passages stay until then. Where several
   * computers add to one collection, a path is there once for each of them.
   */
  addDocument(
    owner: Owner,
    collectionId: string,
    document: Pick<IndexedDocument, "path" | "originalPath" | "bytes" | "modifiedAt">,
  ): Promise<IndexedDocument>;
  getDocument(owner: Owner, id: string): Promise<IndexedDocument>;
  listDocuments(owner: Owner, filter: DocumentFilter): Promise<IndexedDocument[]>;
  changeDocument(owner: Owner, id: string, change: IndexedDocumentChange): Promise<void>;
  /** Its passages, words, vectors and text go with it. */
  removeDocument(owner: Owner, id: string): Promise<void>;
  /** The document as it was read, for the viewer: opaque bytes. */
  saveText(owner: Owner, documentId: string, content: Uint8Array): Promise<void>;
  readText(owner: Owner, documentId: string): Promise<Uint8Array | null>;

  /** Replaces a document's passages in one step: all of them are searchable or, after a crash, none. */
  setPassages(owner: Owner, documentId: string, passages: readonly Passage[]): Promise<void>;
  readPassages(
    owner: Owner,
    ids: readonly string[],
  ): Promise<Omit<PassageHit, "score" | "fullText" | "vector" | "deviations">[]>;
  /** Of one document, in order; with `every` 3 the first, the fourth, … DOCUMENT_NOT_FOUND. */
  documentPassages(
    owner: Owner,
    documentId: string,
    options: { every: number },
  ): Promise<Omit<PassageHit, "score" | "fullText" | "vector" | "deviations">[]>;
  /** Passages whose text has no vector of this model yet, in whatever collection. */
  pendingPassages(model: VectorModel, limit: number): Promise<PendingPassage[]>;
  /** Normalised vectors. A passage that has gone meanwhile is left out without a word. */
  setVectors(model: VectorModel, vectors: readonly { id: string; values: Float32Array }[]): Promise<void>;

  search(owner: Owner, query: PassageQuery): Promise<PassageSearch>;
  stats(owner: Owner): Promise<IndexStats>;
  /** Writes a verified, encrypted copy to a path that does not exist yet, where the index is a file. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}
