import type { DesksideError } from "@deskside/base";
import type { VerifyOptions } from "../manifest/verify-model-file.ts";
import type { StoreDisk } from "./disk/store-disk.ts";

export interface StoreFolder {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
}

export interface ModelStoreOptions {
  /** The first is where new models go unless asked otherwise. */
  readonly folders: readonly StoreFolder[] | (() => readonly StoreFolder[]);
  /** Absolute; JSON, an index of what lies in the folders. */
  readonly stateFile: string;
  /** Ids that belong to others, such as built-in models; asked before a new id is given. */
  readonly reservedIds?: () => Promise<readonly string[]>;
  /** Deleting, moving and discarding are refused with MODEL_IN_USE while this says true. */
  readonly isInUse?: (modelId: string) => boolean;
  readonly now?: () => number;
  /** For tests that fail or die in the middle. */
  readonly disk?: StoreDisk;
}

export interface StoredVersion {
  /** Names this version inside its model. */
  readonly key: string;
  /** SHA-256 of a single file, or over the hashes of the parts; null for a linked file that was not hashed yet. */
  readonly sha256: string | null;
  readonly repo: string | null;
  readonly revision: string | null;
  readonly source: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly state: "current" | "previous" | "candidate";
  readonly linked: boolean;
  /** Id of the folder; null = the file lies elsewhere and is only linked. */
  readonly folder: string | null;
  /** Absolute paths, the first part first. */
  readonly paths: readonly string[];
  readonly files: readonly { readonly path: string; readonly sizeBytes: number; readonly sha256: string | null }[];
}

export interface StoredModel {
  /** File-system safe, stable. */
  readonly id: string;
  readonly name: string;
  readonly quantization: string | null;
  readonly repo: string | null;
  readonly licence: string | null;
  /** Stays at the revision in use: no update is to be offered. */
  readonly pinned: boolean;
  /** Null while there is only a candidate. */
  readonly current: StoredVersion | null;
  /** All, the one in use first, then by last use; candidates last. */
  readonly versions: readonly StoredVersion[];
  /** What the versions take in our folders; 0 for linked files. */
  readonly diskBytes: number;
}

/** Files that were checked already; they are taken out of where they lie. Same file system as the folder: no copy. */
export interface Adoption {
  /** `path`: absolute. `name`: what it should be called (any text; made safe), default the name it has. */
  readonly files: readonly {
    readonly path: string;
    readonly name?: string;
    readonly sizeBytes: number;
    readonly sha256: string;
  }[];
  readonly name?: string;
  readonly repo: string | null;
  readonly revision: string | null;
  /** Address of the hub the bytes came from, or "import". */
  readonly source: string;
  readonly licence: string | null;
  readonly quantization: string | null;
  /** Default: the first folder, or where the model already lies. */
  readonly folder?: string;
}

export interface TrashEntry {
  readonly id: string;
  readonly modelId: string;
  readonly name: string;
  /** What emptying gives back. */
  readonly bytes: number;
  readonly deletedAt: number;
  readonly folder: string;
}

export interface FolderUse {
  readonly id: string;
  readonly path: string;
  readonly modelBytes: number;
  readonly trashBytes: number;
  /** Null = the folder cannot be reached. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  readonly problem: DesksideError | null;
}

export interface StoreReport {
  /** The state file could not be read; it was put aside under this name and rebuilt from the folders. */
  readonly damagedStateKeptAs: string | null;
  /** Adoptions that had been cut off and were completed, and those whose files were given back. */
  readonly completed: number;
  readonly rolledBack: number;
  readonly problems: readonly DesksideError[];
}

export interface ModelStore {
  /** Brings index and folders together after a crash or a change from outside. Done by itself before the first use. */
  reconcile(): Promise<StoreReport>;
  list(): Promise<readonly StoredModel[]>;
  /** Throws MODEL_NOT_FOUND. */
  get(modelId: string): Promise<StoredModel>;
  /**
   * The model that holds exactly this content, in this order, in files that nobody touched since they were checked;
   * null = none: the download is needed.
   */
  findByContent(sha256: readonly string[]): Promise<StoredModel | null>;
  /** What is wrong with the files of a version (the one in use by default): gone, changed. Reads no content. */
  problemOf(modelId: string, versionKey?: string): Promise<DesksideError | null>;
  /** Becomes the version in use; the one before stays for `rollback`. Content that is here already is recognised. */
  adopt(adoption: Adoption): Promise<StoredModel>;
  /** As `adopt`, but the version in use stays until `promote`. */
  adoptAsCandidate(adoption: Adoption): Promise<{ readonly model: StoredModel; readonly candidate: StoredVersion }>;
  promote(modelId: string, versionKey: string): Promise<StoredModel>;
  /** A candidate, to the trash. */
  discard(modelId: string, versionKey: string): Promise<TrashEntry | null>;
  /** "Use the previous file": the version used before, or the named one. Throws MODEL_NOT_FOUND when there is none. */
  rollback(modelId: string, versionKey?: string): Promise<StoredModel>;
  /** An old version, to the trash. The one in use is refused with MODEL_IN_USE. */
  removeVersion(modelId: string, versionKey: string): Promise<TrashEntry>;
  setPinned(modelId: string, pinned: boolean): Promise<StoredModel>;
  /**
   * Uses files where they lie, without copying: a file (parts of a split one are found by name), or every model below a
   * folder. What is linked already is returned as it is. Throws what `readGgufHeader` throws for a single file.
   */
  link(
    path: string,
    options?: { signal?: AbortSignal; source?: string; name?: string },
  ): Promise<readonly StoredModel[]>;
  /** A linked file was moved: this is where it is now. Throws HASH_MISMATCH when its content is known to be another. */
  relink(modelId: string, path: string, options?: VerifyOptions): Promise<StoredModel>;
  /** Copy, hash, switch, delete. Throws HASH_MISMATCH, DOWNLOAD_NO_SPACE, MODEL_FOLDER_UNUSABLE; the source then stays. */
  move(modelId: string, folderId: string, options?: VerifyOptions): Promise<StoredModel>;
  /** The whole model, to the trash. Linked files themselves are not touched. */
  remove(modelId: string): Promise<readonly TrashEntry[]>;
  trash(): Promise<readonly TrashEntry[]>;
  restore(trashId: string): Promise<StoredModel>;
  /** Deletes for good what is older (default 30 days), or one entry. Returns the bytes given back. */
  emptyTrash(options?: { olderThanMs?: number; trashId?: string }): Promise<number>;
  diskUse(): Promise<readonly FolderUse[]>;
  /** Hashes the files of the version in use. Throws HASH_MISMATCH; remembers what was found good. */
  verify(modelId: string, options?: VerifyOptions & { onlyChanged?: boolean }): Promise<StoredModel>;
  /** A folder on the file system of the store for unfinished downloads; never cleaned by the store. */
  downloadsFolder(folderId?: string): Promise<string>;
  /** A new empty folder on the file system of the store, for files to adopt; `reconcile` removes it once this process is gone. */
  stagingFolder(folderId?: string): Promise<string>;
}
