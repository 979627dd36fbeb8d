import type { LeafRecord, SqlValue } from "./leaf-records.ts";

/** How rows are recognised on a page that lost its way to the root, and what tells two versions of a row apart. */
export interface SalvageTable {
  readonly name: string;
  /** In the order of the schema. `seq` is the row id, which SQLite does not repeat in the record. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly claims: (values: readonly SqlValue[]) => boolean;
}

const hasId = (values: readonly SqlValue[], prefix: string) =>
  values[0] === null && typeof values[1] === "string" && values[1].startsWith(`${prefix}_`);

/** Rows of `settings` and `drafts` look alike but for their keys: only those of settings have a dot. */
const isKeyed = (values: readonly SqlValue[], dotted: boolean) =>
  values.length >= 5 &&
  typeof values[0] === "string" &&
  typeof values[1] === "string" &&
  values[1].includes(".") === dotted &&
  typeof values[3] === "number" &&
  typeof values[4] === "number";

/** Checked against the real schema by a test. */
export const salvageTables: readonly SalvageTable[] = [
  {
    name: "chats",
    columns: [
      ...["seq", "id", "owner_id", "title", "titled_by", "model_id", "leaf_id"],
      ...["created_at", "updated_at", "trashed_at", "touched", "revision"],
      ...["folder_id", "pinned_at", "archived_at", "tags", "steering"],
    ],
    key: ["id"],
    claims: (values) => hasId(values, "chat"),
  },
  {
    name: "messages",
    columns: [
      ...["seq", "id", "owner_id", "chat_id", "parent_id", "role", "text", "reasoning", "status", "finish", "error"],
      ...["model_id", "model_name", "model_quantization", "stats", "generation_id", "created_at", "revision"],
      ...["scope", "grounding", "origin"],
    ],
    key: ["id"],
    claims: (values) => hasId(values, "msg"),
  },
  {
    name: "folders",
    columns: ["seq", "id", "owner_id", "name", "created_at", "revision"],
    key: ["id"],
    claims: (values) => hasId(values, "folder"),
  },
  {
    name: "generations",
    columns: [
      ...["seq", "id", "owner_id", "chat_id", "message_id", "model_id", "model_name", "model_quantization"],
      ...["params", "state", "started_at", "ended_at", "stats", "error", "revision"],
    ],
    key: ["id"],
    claims: (values) => hasId(values, "gen"),
  },
  {
    name: "drafts",
    columns: ["owner_id", "key", "text", "updated_at", "revision"],
    key: ["owner_id", "key"],
    claims: (values) => isKeyed(values, false),
  },
  {
    name: "settings",
    columns: ["owner_id", "key", "value", "updated_at", "revision"],
    key: ["owner_id", "key"],
    claims: (values) => isKeyed(values, true),
  },
  {
    name: "egress",
    columns: [
      ...["seq", "id", "owner_id", "at", "host", "port", "purpose", "caller"],
      ...["result", "reason", "sent_bytes", "received_bytes", "revision", "proxy"],
    ],
    key: ["id"],
    claims: (values) => hasId(values, "egr"),
  },
  {
    name: "hub_tokens",
    columns: ["seq", "id", "owner_id", "host", "token", "saved_at", "revision"],
    key: ["owner_id", "host"],
    claims: (values) => hasId(values, "token"),
  },
  {
    name: "secrets",
    columns: ["seq", "id", "owner_id", "name", "value", "saved_at", "revision"],
    key: ["owner_id", "name"],
    claims: (values) => hasId(values, "secret"),
  },
  {
    name: "model_settings",
    columns: ["seq", "id", "owner_id", "model_id", "defaults", "attachments", "updated_at", "revision"],
    key: ["owner_id", "model_id"],
    claims: (values) => hasId(values, "mset"),
  },
  {
    name: "personal_data",
    columns: ["seq", "id", "owner_id", "collection_id", "kind", "number", "lookup", "sealed", "revision"],
    key: ["owner_id", "collection_id", "kind", "lookup"],
    claims: (values) => hasId(values, "pd"),
  },
  {
    name: "monitor_blocks",
    columns: ["seq", "id", "resolution_ms", "start_at", "end_at", "layout", "data", "revision"],
    key: ["id"],
    claims: (values) => hasId(values, "mon"),
  },
  {
    name: "alert_rules",
    columns: ["seq", "id", "owner_id", "rule_id", "rule", "updated_at", "revision"],
    key: ["owner_id", "rule_id"],
    claims: (values) => hasId(values, "alert"),
  },
  {
    name: "load_history",
    columns: ["seq", "id", "at", "model_key", "machine_key", "record", "revision"],
    key: ["id"],
    claims: (values) => hasId(values, "load"),
  },
  {
    name: "machine_speeds",
    columns: ["seq", "id", "machine_key", "at", "memory_read", "disk_read", "revision"],
    key: ["machine_key"],
    claims: (values) => hasId(values, "speed"),
  },
];

export type SalvagedRow = Readonly<Record<string, SqlValue>>;

/** Null when the record belongs to no table of ours (SQLite's own, or `meta`). */
export function identifyRecord(record: LeafRecord): { table: SalvageTable; row: SalvagedRow } | null {
  const table = salvageTables.find((candidate) => candidate.claims(record.values));
  if (!table) return null;
  const entries = record.values.map((value, index) => [table.columns[index], value] as const);
  const row = Object.fromEntries(entries.filter(([column]) => column !== undefined));
  return { table, row: "seq" in row ? { ...row, seq: record.rowId } : row };
}
