import type { DesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { StoreDisk } from "./disk/store-disk.ts";
import type { StateRecord } from "./store-schemas.ts";
import type { StoredModel, StoreFolder } from "./store-types.ts";

/** What the single actions of the store share. */
export interface StoreContext {
  readonly disk: StoreDisk;
  folders(): readonly StoreFolder[];
  now(): number;
  isInUse(modelId: string): boolean;
  /** What the index says about the configured folders; the first call brings it together with them. */
  records(): Promise<readonly StateRecord[]>;
  /** Under the lock: the newest records in, the changed ones out (null = unchanged). */
  change<T>(work: Work<T>): Promise<T>;
}

/** `takenIds`: also those of others, and of models in folders that are not configured at present. */
export type Work<T> = (records: readonly StateRecord[], takenIds: ReadonlySet<string>) => Promise<Changed<T>>;

export interface Changed<T> {
  readonly records: readonly StateRecord[] | null;
  readonly result: T;
}

/** Throws MODEL_FOLDER_UNUSABLE for an id that is not configured. */
export function folderOf(context: Pick<StoreContext, "folders">, id: string | undefined): StoreFolder {
  const folders = context.folders();
  const folder = id === undefined ? folders[0] : folders.find((candidate) => candidate.id === id);
  if (!folder) throw deskError("MODEL_FOLDER_UNUSABLE", { path: id ?? "", detail: "no such model folder" });
  return folder;
}

export function unusable(path: string, error: unknown): DesksideError {
  return deskError("MODEL_FOLDER_UNUSABLE", { path, detail: String(error) }, { cause: error });
}

export function refuseInUse(context: StoreContext, modelId: string): void {
  if (context.isInUse(modelId)) throw deskError("MODEL_IN_USE", { model: modelId });
}

export function notFound(modelId: string, models: readonly Pick<StoredModel, "id">[] = []): DesksideError {
  return deskError("MODEL_NOT_FOUND", { model: modelId, nearest: models.map(({ id }) => id).slice(0, 3) });
}
