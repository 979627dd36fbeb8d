import { latestVersion } from "../workspace/migrate.ts";
import { type Migration, migrations } from "../workspace/migrations.ts";

const newest = latestVersion(migrations);

/** Two more versions, as a later release would bring them: a column with content, then a rebuilt table. */
export const grownMigrations: readonly Migration[] = [
  ...migrations,
  {
    version: newest + 1,
    statements: [
      "ALTER TABLE chats ADD COLUMN folder TEXT",
      "UPDATE chats SET folder = 'moved ' || title",
      "CREATE INDEX chats_by_folder ON chats (folder)",
    ],
  },
  {
    version: newest + 2,
    statements: [
      "CREATE TABLE drafts_3 (owner_id TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, updated_at INTEGER NOT NULL, revision INTEGER NOT NULL, note TEXT, PRIMARY KEY (owner_id, key)) STRICT",
      "INSERT INTO drafts_3 SELECT *, 'n' FROM drafts",
      "DROP TABLE drafts",
      "ALTER TABLE drafts_3 RENAME TO drafts",
    ],
  },
];
