import { createId, toWellFormed } from "@deskside/base";
import { deskError, type Folder } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** Folders for the chats of one owner. Whatever is not that owner's is FOLDER_NOT_FOUND. */
export interface FolderRepository {
  /** By name. */
  list(principal: Principal): Folder[];
  create(principal: Principal, name: string): Folder;
  rename(principal: Principal, folderId: string, name: string): Folder;
  /** Its chats stay, outside of any folder. */
  remove(principal: Principal, folderId: string): void;
}

const rowSchema = z
  .object({ id: z.string(), name: z.string(), created_at: z.number() })
  .transform((row): Folder => ({ id: row.id, name: row.name, createdAt: row.created_at }));

export function createFolderRepository(context: RepositoryContext): FolderRepository {
  const { store, clock } = context;
  return {
    list: ({ ownerId }) =>
      store
        .all("SELECT * FROM folders WHERE owner_id = @ownerId", { ownerId })
        .map((row) => rowSchema.parse(row))
        .sort((a, b) => a.name.localeCompare(b.name)),
    create: (principal, name) => {
      const now = clock.now();
      const id = createId("folder", now);
      return store.write((revision) => {
        store.run(
          `INSERT INTO folders (id, owner_id, name, created_at, revision)
           VALUES (@id, @ownerId, @name, @now, @revision)`,
          { id, ownerId: principal.ownerId, name: toWellFormed(name.trim()), now, revision },
        );
        return requireFolder(context, principal, id);
      });
    },
    rename: (principal, folderId, name) =>
      store.write((revision) => {
        const sql = "UPDATE folders SET name = @name, revision = @revision WHERE id = @id AND owner_id = @ownerId";
        store.run(sql, { id: folderId, ownerId: principal.ownerId, name: toWellFormed(name.trim()), revision });
        return requireFolder(context, principal, folderId);
      }),
    remove: (principal, folderId) =>
      store.write((revision) => {
        requireFolder(context, principal, folderId);
        const values = { folderId, ownerId: principal.ownerId };
        store.run(
          "UPDATE chats SET folder_id = NULL, revision = @revision WHERE folder_id = @folderId AND owner_id = @ownerId",
          { ...values, revision },
        );
        store.run("DELETE FROM folders WHERE id = @folderId AND owner_id = @ownerId", values);
      }),
  };
}

/** Throws FOLDER_NOT_FOUND. */
export function requireFolder({ store }: RepositoryContext, { ownerId }: Principal, folderId: string): Folder {
  const row = store.get("SELECT * FROM folders WHERE id = @folderId AND owner_id = @ownerId", { folderId, ownerId });
  if (!row) throw deskError("FOLDER_NOT_FOUND", { folderId });
  return rowSchema.parse(row);
}
