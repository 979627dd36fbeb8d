/** One step of the schema. Never changed once released; tables only grow columns at their end (repair counts on it). */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

const first: Migration = {
  version: 1,
  statements: [
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",

    `CREATE TABLE chats (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      title TEXT NOT NULL,
      titled_by TEXT NOT NULL,
      model_id TEXT,
      leaf_id TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      trashed_at INTEGER,
      touched INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT`,
    "CREATE INDEX chats_by_owner ON chats (owner_id, touched DESC)",

    `CREATE TABLE messages (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
      parent_id TEXT REFERENCES messages (id) ON DELETE CASCADE,
      role TEXT NOT NULL,
      text TEXT NOT NULL,
      reasoning TEXT NOT NULL,
      status TEXT NOT NULL,
      finish TEXT,
      error TEXT,
      model_id TEXT,
      model_name TEXT,
      model_quantization TEXT,
      stats TEXT,
      generation_id TEXT,
      created_at INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT`,
    "CREATE INDEX messages_by_chat ON messages (chat_id, seq)",
    "CREATE INDEX messages_by_parent ON messages (parent_id)",
    "CREATE INDEX messages_running ON messages (chat_id) WHERE status = 'running'",

    `CREATE TABLE generations (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
      message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      model_id TEXT,
      model_name TEXT,
      model_quantization TEXT,
      params TEXT NOT NULL,
      state TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      stats TEXT,
      error TEXT,
      revision INTEGER NOT NULL
    ) STRICT`,
    "CREATE INDEX generations_by_chat ON generations (chat_id, seq)",
    "CREATE INDEX generations_by_message ON generations (message_id)",

    `CREATE TABLE drafts (
      owner_id TEXT NOT NULL,
      key TEXT NOT NULL,
      text TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      PRIMARY KEY (owner_id, key)
    ) STRICT`,

    `CREATE TABLE settings (
      owner_id TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      PRIMARY KEY (owner_id, key)
    ) STRICT`,

    `CREATE TABLE egress (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      host TEXT NOT NULL,
      port INTEGER NOT NULL,
      purpose TEXT NOT NULL,
      caller TEXT NOT NULL,
      result TEXT NOT NULL,
      reason TEXT,
      sent_bytes INTEGER NOT NULL,
      received_bytes INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT`,
    "CREATE INDEX egress_by_owner ON egress (owner_id, seq)",
  ],
};

/** The monitor. Blocks belong to the machine, not to a person; their data is described in `monitor/sample-block.ts`. */
const monitor: Migration = {
  version: 2,
  statements: [
    `CREATE TABLE monitor_blocks (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      resolution_ms INTEGER NOT NULL,
      start_at INTEGER NOT NULL,
      end_at INTEGER NOT NULL,
      layout TEXT NOT NULL,
      data BLOB NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT`,
    "CREATE INDEX monitor_blocks_by_time ON monitor_blocks (resolution_ms, end_at)",

    `CREATE TABLE alert_rules (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      rule_id TEXT NOT NULL,
      rule TEXT,
      updated_at INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      UNIQUE (owner_id, rule_id)
    ) STRICT`,
  ],
};

/** What loads took on this machine, to correct the next prediction. Belongs to the machine, as the monitor does. */
const loadHistory: Migration = {
  version: 3,
  statements: [
    `CREATE TABLE load_history (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      at INTEGER NOT NULL,
      model_key TEXT NOT NULL,
      machine_key TEXT NOT NULL,
      record TEXT NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT`,
    "CREATE INDEX load_history_by_machine ON load_history (machine_key, seq)",
    `CREATE TABLE machine_speeds (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      machine_key TEXT NOT NULL UNIQUE,
      at INTEGER NOT NULL,
      memory_read REAL,
      disk_read REAL,
      revision INTEGER NOT NULL
    ) STRICT`,
  ],
};

/** Answers from documents: what a question is looked up in, and what stands behind an answer. JSON. */
const grounding: Migration = {
  version: 4,
  statements: ["ALTER TABLE messages ADD COLUMN scope TEXT", "ALTER TABLE messages ADD COLUMN grounding TEXT"],
};

/** Proxies in the outbound record; tokens of hubs, which are no settings so that nothing lists or exports them. */
const waysOut: Migration = {
  version: 5,
  statements: [
    "ALTER TABLE egress ADD COLUMN proxy TEXT",
    `CREATE TABLE hub_tokens (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      host TEXT NOT NULL,
      token TEXT NOT NULL,
      saved_at INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      UNIQUE (owner_id, host)
    ) STRICT`,
  ],
};

/** What a person fixed for one model, and what is loaded with it. JSON. */
const modelSettings: Migration = {
  version: 6,
  statements: [
    `CREATE TABLE model_settings (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      model_id TEXT NOT NULL,
      defaults TEXT,
      attachments TEXT,
      updated_at INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      UNIQUE (owner_id, model_id)
    ) STRICT`,
  ],
};

/** Values of personal data that labels stand for, sealed under a key of their own: nothing reads them yet. */
const personalData: Migration = {
  version: 7,
  statements: [
    `CREATE TABLE personal_data (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      collection_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      number INTEGER NOT NULL,
      lookup TEXT NOT NULL,
      sealed BLOB NOT NULL,
      revision INTEGER NOT NULL,
      UNIQUE (owner_id, collection_id, kind, lookup)
    ) STRICT`,
  ],
};

/** Passwords of services that a person named, apart from the settings that everybody may read. */
const secrets: Migration = {
  version: 8,
  statements: [
    `CREATE TABLE secrets (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      saved_at INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      UNIQUE (owner_id, name)
    ) STRICT`,
  ],
};

/** Folders, pins, tags and the archive of chats; where a message comes from when no model wrote it here. */
const organising: Migration = {
  version: 9,
  statements: [
    "ALTER TABLE chats ADD COLUMN folder_id TEXT",
    "ALTER TABLE chats ADD COLUMN pinned_at INTEGER",
    "ALTER TABLE chats ADD COLUMN archived_at INTEGER",
    "ALTER TABLE chats ADD COLUMN tags TEXT",
    "ALTER TABLE messages ADD COLUMN origin TEXT",
    "CREATE INDEX messages_by_revision ON messages (owner_id, revision)",
    `CREATE TABLE folders (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      owner_id TEXT NOT NULL,
      name TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT`,
  ],
};

/** Instructions and sampling of a chat. JSON. */
const steering: Migration = {
  version: 10,
  statements: ["ALTER TABLE chats ADD COLUMN steering TEXT"],
};

export const migrations: readonly Migration[] = [
  first,
  monitor,
  loadHistory,
  grounding,
  waysOut,
  modelSettings,
  personalData,
  secrets,
  organising,
  steering,
];
