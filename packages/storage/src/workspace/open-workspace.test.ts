import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEncrypted } from "../driver/connection.ts";
import { deriveFileKey, deriveKey } from "../driver/key-derivation.ts";
import { localUser } from "../principal.ts";
import { salvageTables } from "../recovery/salvage-tables.ts";
import { errorOf } from "../test/expect-error.ts";
import {
  createLog,
  createTestClock,
  fileContaining,
  filesUnder,
  openIn,
  otherKey,
  someStats,
  temporaryFolder,
  testKey,
  testModel,
} from "../test/temporary-workspace.ts";
import { latestVersion } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import { openWorkspaceWith } from "./open-workspace.ts";

test("durability settings hold on a fresh store and on every reopen (SQLite falls back to NORMAL)", () => {
  using folder = temporaryFolder();
  for (let round = 0; round < 3; round++) {
    using workspace = openIn(folder.path);
    expect(workspace.diagnostics()).toMatchObject({
      ...{
        schemaVersion: latestVersion(migrations),
        journalMode: "wal",
        synchronous: 2,
        foreignKeys: true,
        secureDelete: true,
      },
      ...{ tempStoreInMemory: true, busyTimeoutMs: 5000, walLimitBytes: 64 * 1024 * 1024 },
    });
    expect(workspace.readOnly).toBeNull();
    expect(workspace.quarantined).toBeNull();
    expect(workspace.checkIntegrity()).toEqual([]);
    workspace.chats.create(localUser, { modelId: null });
    expect(workspace.chats.list(localUser)).toHaveLength(round + 1);
  }
});

test("no stored text appears in any file, log or backup", () => {
  using folder = temporaryFolder();
  const canaries = ["CANARY-ascii-7f3a", "金丝雀秘密文本", "Kanarienvogel-ÄÖÜ"];
  using workspace = openIn(folder.path);
  const chat = workspace.chats.create(localUser, { modelId: null });
  for (const canary of canaries) {
    workspace.chats.rename(localUser, chat.id, canary);
    const user = workspace.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text: canary });
    const answer = workspace.messages.insertAssistant(localUser, {
      ...{ chatId: chat.id, parentId: user.id, model: testModel, params: { stop: [canary] } },
    });
    workspace.messages.appendRunning(localUser, {
      messageId: answer.id,
      text: canary,
      reasoning: canary,
      stats: someStats,
    });
    workspace.drafts.save(localUser, "new", canary);
    workspace.egress.append(localUser, { host: canary, port: 443, purpose: canary, caller: "test" });
  }
  workspace.settings.set(localUser, "general.defaultModel", canaries[0]);
  const backup = join(folder.path, "copy.db");
  workspace.backup(backup);
  expect(workspace.diagnostics().walBytes).toBeGreaterThan(0);
  expect(fileContaining(folder.path, canaries)).toBeUndefined();
  workspace.close();
  expect(fileContaining(folder.path, canaries)).toBeUndefined();
  writeFileSync(join(folder.path, "planted"), canaries[1] ?? "");
  expect(fileContaining(folder.path, canaries), "the scan itself works").toBe(join(folder.path, "planted"));
});

test("files are for their owner only", { skip: process.platform === "win32" }, () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "new", "data");
  using workspace = openIn(dataDir);
  workspace.chats.create(localUser, { modelId: null });
  workspace.backup(join(dataDir, "copy.db"));
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  for (const file of filesUnder(dataDir)) expect([file, statSync(file).mode & 0o077]).toEqual([file, 0]);
});

test("another key is recognised and nothing is moved, changed or created", () => {
  using folder = temporaryFolder();
  openIn(folder.path).close();
  const before = filesUnder(folder.path).map((file) => [file, readFileSync(file).toString("base64")]);
  const error = errorOf(() => openIn(folder.path, { dataKey: otherKey }));
  expect(error).toMatchObject({ code: "DATABASE_UNREADABLE", data: { reason: "other-key", quarantinedTo: null } });
  expect(filesUnder(folder.path).map((file) => [file, readFileSync(file).toString("base64")])).toEqual(before);
  rmSync(join(folder.path, "workspace.keycheck"));
  expect(errorOf(() => openIn(folder.path, { dataKey: otherKey }))).toMatchObject({ data: { reason: "other-key" } });
  expect(readdirSync(folder.path)).not.toContain("quarantine");
  using workspace = openIn(folder.path);
  expect(workspace.quarantined).toBeNull();
  expect(existsSync(join(folder.path, "workspace.keycheck"))).toBe(true);
});

test("a damaged key check does not lock the right key out", () => {
  using folder = temporaryFolder();
  openIn(folder.path).close();
  writeFileSync(join(folder.path, "workspace.keycheck"), "nonsense");
  openIn(folder.path).close();
  expect(errorOf(() => openIn(folder.path, { dataKey: otherKey }))).toMatchObject({ data: { reason: "other-key" } });
});

test("subkeys differ by label and match HKDF-SHA256", () => {
  expect(Buffer.from(deriveKey(testKey, "a"))).not.toEqual(Buffer.from(deriveKey(testKey, "b")));
  // Computed by RFC 5869 with another implementation: 32 bytes, no salt, info "deskside/a".
  expect(Buffer.from(deriveKey(testKey, "a")).toString("hex")).toBe(
    "59f7244395acd15756eb4dc8e0414c8f33ec62353c070b85aa0c5bcebefde146",
  );
  expect(errorOf(() => deriveKey(new Uint8Array(16), "a"))).toMatchObject({ code: "KEY_UNAVAILABLE" });
});

test("a store of a newer schema opens for reading and refuses every change", () => {
  using folder = temporaryFolder();
  const newer = [
    ...migrations,
    { version: latestVersion(migrations) + 1, statements: ["ALTER TABLE chats ADD COLUMN folder TEXT"] },
  ];
  const options = { dataDir: folder.path, dataKey: testKey, log: createLog() };
  const made = openWorkspaceWith(options, newer);
  const chat = made.chats.create(localUser, { modelId: null });
  made.close();
  const before = readFileSync(join(folder.path, "workspace.db"));
  using workspace = openIn(folder.path);
  expect(workspace.readOnly).toBe("newer-schema");
  expect(workspace.chats.list(localUser).map(({ id }) => id)).toEqual([chat.id]);
  const refused = { code: "STORE_READ_ONLY", data: { reason: "newer-schema" } };
  expect(errorOf(() => workspace.chats.rename(localUser, chat.id, "x"))).toMatchObject(refused);
  expect(errorOf(() => workspace.drafts.save(localUser, "new", "x"))).toMatchObject(refused);
  expect(errorOf(() => workspace.transaction(() => 1))).toMatchObject(refused);
  workspace.close();
  expect(readFileSync(join(folder.path, "workspace.db")).equals(before)).toBe(true);
});

test("a migration is preceded by a verified backup, of which three are kept", () => {
  using folder = temporaryFolder();
  const clock = createTestClock();
  const options = { dataDir: folder.path, dataKey: testKey, log: createLog(), clock };
  const chat = (() => {
    using workspace = openWorkspaceWith(options, migrations);
    return workspace.chats.create(localUser, { modelId: null });
  })();
  const grown = [...migrations];
  const newest = latestVersion(migrations);
  for (let version = newest + 1; version <= newest + 5; version++) {
    clock.advance(1000);
    grown.push({ version, statements: [`ALTER TABLE chats ADD COLUMN extra_${version} TEXT`] });
    using workspace = openWorkspaceWith(options, grown);
    expect(workspace.diagnostics().schemaVersion).toBe(version);
    expect(workspace.chats.list(localUser).map(({ id }) => id)).toEqual([chat.id]);
  }
  const byNumber = new Intl.Collator("en", { numeric: true }).compare;
  const backups = readdirSync(join(folder.path, "backups")).sort(byNumber);
  expect(backups.map((name) => name.split("-")[2])).toEqual([2, 3, 4].map((step) => `v${newest + step}`));
  const backup = openEncrypted(
    join(folder.path, "backups", backups[2] ?? ""),
    deriveFileKey(testKey, "workspace.db"),
    "read",
  );
  expect(backup.prepare("SELECT id FROM chats").pluck().all()).toEqual([chat.id]);
  backup.close();
});

test("a migration that breaks references is undone as a whole", () => {
  using folder = temporaryFolder();
  const chatId = (() => {
    using workspace = openIn(folder.path);
    const chat = workspace.chats.create(localUser, { modelId: null });
    workspace.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text: "kept" });
    return chat.id;
  })();
  const breaking = [
    ...migrations,
    { version: latestVersion(migrations) + 1, statements: ["CREATE TABLE x (a)", "DELETE FROM chats"] },
  ];
  const options = { dataDir: folder.path, dataKey: testKey, log: createLog() };
  expect(() => openWorkspaceWith(options, breaking)).toThrow("broke 1 references");
  using workspace = openIn(folder.path);
  expect(workspace.readOnly).toBeNull();
  expect(workspace.chats.getWithMessages(localUser, chatId).messages.map(({ text }) => text)).toEqual(["kept"]);
});

test("the repair knows every table and its columns in their order", () => {
  using folder = temporaryFolder();
  openIn(folder.path).close();
  const connection = openEncrypted(join(folder.path, "workspace.db"), deriveFileKey(testKey, "workspace.db"), "read");
  const tables = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta' ORDER BY name")
    .pluck()
    .all();
  expect(salvageTables.map(({ name }) => name).sort()).toEqual(tables);
  for (const { name, columns } of salvageTables) {
    expect(connection.prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid").pluck().all(name)).toEqual(columns);
  }
  connection.close();
});

test("a folder that cannot be a data directory is refused with its reason", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "file");
  writeFileSync(file, "");
  const unusable = (reason: string) => ({ code: "DATA_DIR_UNUSABLE", data: { reason } });
  expect(errorOf(() => openIn(file))).toMatchObject(unusable("not-a-folder"));
  expect(errorOf(() => openIn(join(file, "below")))).toMatchObject(unusable("not-a-folder"));
  mkdirSync(join(folder.path, "odd", "workspace.db"), { recursive: true });
  expect(errorOf(() => openIn(join(folder.path, "odd")))).toMatchObject(unusable("other"));
});

test("close is idempotent, and a closed store does not answer with wrong data", () => {
  using folder = temporaryFolder();
  const workspace = openIn(folder.path);
  workspace.close();
  workspace.close();
  expect(() => workspace.chats.list(localUser)).toThrow();
});
