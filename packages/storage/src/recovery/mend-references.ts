import type { Connection } from "../driver/connection.ts";

/** After rows were lost: what points to them is given a place, so that nothing that was found stays unseen. */
export function mendReferences(connection: Connection): void {
  for (const statement of statements) connection.exec(statement);
  // A store of an older version gets them only after its repair.
  if (connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'folders'").get() !== undefined)
    connection.exec("UPDATE chats SET folder_id = NULL WHERE folder_id NOT IN (SELECT id FROM folders)");
  const broken = connection.pragma("foreign_key_check");
  if (Array.isArray(broken) && broken.length > 0) throw new Error(`${broken.length} references could not be mended`);
}

const statements = [
  // Messages of a lost chat get an untitled chat.
  `INSERT INTO chats (id, owner_id, title, titled_by, created_at, updated_at, touched, revision)
   SELECT chat_id, owner_id, '', 'nobody', min(created_at), max(created_at), max(revision), max(revision)
   FROM messages WHERE chat_id NOT IN (SELECT id FROM chats) GROUP BY chat_id`,
  // Answers to a lost message follow the newest message before them.
  `UPDATE messages SET parent_id = (
     SELECT earlier.id FROM messages AS earlier
     WHERE earlier.chat_id = messages.chat_id AND earlier.seq < messages.seq ORDER BY earlier.seq DESC LIMIT 1)
   WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages)`,
  `UPDATE chats SET leaf_id = (
     SELECT id FROM messages WHERE chat_id = chats.id ORDER BY seq DESC LIMIT 1)
   WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM messages WHERE chat_id = chats.id)`,
  // A record of how a lost message came about is of no use.
  "DELETE FROM generations WHERE message_id NOT IN (SELECT id FROM messages)",
];
