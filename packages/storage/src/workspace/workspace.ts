import { statSync } from "node:fs";
import type { Clock } from "@deskside/base";
import type { SystemInfo } from "@deskside/contract";
import type { Connection } from "../driver/connection.ts";
import { mapFailure } from "../driver/driver-errors.ts";
import type { FileKey } from "../driver/key-derivation.ts";
import type { RecoveryReport } from "../recovery/recover.ts";
import { type ChatRepository, createChatRepository } from "../chats/chat-repository.ts";
import { createFolderRepository, type FolderRepository } from "../chats/folder-repository.ts";
import { createDraftRepository, type DraftRepository } from "../repositories/draft-repository.ts";
import { createEgressRepository, type EgressRepository } from "../egress/egress-repository.ts";
import { createGenerationRepository, type GenerationRepository } from "../repositories/generation-repository.ts";
import { createHubTokenRepository, type HubTokenRepository } from "../egress/hub-token-repository.ts";
import { createMachineSpeedRepository, type MachineSpeedRepository } from "../load-history/machine-speed-repository.ts";
import { createLoadHistoryRepository, type LoadHistoryRepository } from "../load-history/load-history-repository.ts";
import { createMessageRepository, type MessageRepository } from "../messages/message-repository.ts";
import {
  createModelSettingsRepository,
  type ModelSettingsRepository,
} from "../model-settings/model-settings-repository.ts";
import {
  createPersonalDataRepository,
  type PersonalDataRepository,
} from "../personal-data/personal-data-repository.ts";
import { createSettingsRepository, type SettingsRepository } from "../repositories/settings-repository.ts";
import { type AlertRuleRepository, createAlertRuleRepository } from "../monitor/alert-rule-repository.ts";
import { createMonitorRepository, type MonitorRepository } from "../monitor/monitor-repository.ts";
import { createSecretRepository, type SecretRepository } from "../secrets/secret-repository.ts";
import { createMessageTexts } from "../search/message-texts.ts";
import type { StorageLog } from "../storage-log.ts";
import { writeBackup } from "./backups.ts";
import type { CommitWitness } from "./commit-witness.ts";
import type { ReadOnlyReason } from "./failure-gate.ts";
import { schemaVersionOf } from "./migrate.ts";
import { createStore } from "./store.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

/** How the open store is set up, for diagnosis. Sizes in bytes. */
export interface StoreDiagnostics {
  readonly sqliteVersion: string;
  readonly schemaVersion: number;
  readonly journalMode: string;
  /** 2 = FULL. */
  readonly synchronous: number;
  readonly foreignKeys: boolean;
  readonly tempStoreInMemory: boolean;
  readonly secureDelete: boolean;
  readonly busyTimeoutMs: number;
  readonly walLimitBytes: number;
  readonly databaseBytes: number;
  readonly walBytes: number;
}

/** The open encrypted store. All of it is synchronous; an acknowledged change is on disk when the call returns. */
export interface Workspace extends Disposable {
  readonly path: string;
  /** Null = normal. Otherwise every change throws STORE_READ_ONLY with this reason; it may come while running. */
  readonly readOnly: ReadOnlyReason | null;
  /** As `system.info` tells it; null when the store was opened as it was. */
  readonly quarantined: SystemInfo["store"]["quarantined"];
  /** The same in full. */
  readonly recovery: RecoveryReport | null;
  readonly chats: ChatRepository;
  readonly folders: FolderRepository;
  readonly messages: MessageRepository;
  readonly generations: GenerationRepository;
  readonly drafts: DraftRepository;
  readonly settings: SettingsRepository;
  readonly modelSettings: ModelSettingsRepository;
  readonly personalData: PersonalDataRepository;
  readonly egress: EgressRepository;
  readonly hubTokens: HubTokenRepository;
  readonly secrets: SecretRepository;
  readonly monitor: MonitorRepository;
  readonly alertRules: AlertRuleRepository;
  readonly loadHistory: LoadHistoryRepository;
  readonly machineSpeeds: MachineSpeedRepository;
  /** All changes made by `work` (synchronous) or none; nested ones are undone alone when they throw. */
  transaction<T>(work: () => T): T;
  /** Writes a verified, encrypted copy to a path that does not exist yet. Throws DISK_FULL, DISK_FAILED. */
  backup(path: string): void;
  /** Full check by SQLite; empty when everything is in order. Takes about a second for 100 MB. */
  checkIntegrity(): string[];
  diagnostics(): StoreDiagnostics;
  /** Empties the write-ahead log into the database and closes. Idempotent. */
  close(): void;
}

export interface WorkspaceOptions {
  readonly connection: Connection;
  readonly paths: WorkspacePaths;
  readonly key: FileKey;
  readonly clock: Clock;
  readonly log: StorageLog;
  readonly witness: CommitWitness | null;
  readonly recovery: RecoveryReport | null;
  readonly readOnly: ReadOnlyReason | null;
  readonly onClosed?: () => void;
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { connection, paths, key, clock, log, recovery } = options;
  const path = paths.database;
  const onDamage = () => log.error({ path }, "the store proved damaged; it is repaired at the next start");
  const store = createStore({ ...options, path, onDamage });
  const context = { store, clock, log, emptyLog: () => emptyLog(options) };
  const mapped = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw mapFailure(cause, path).error;
    }
  };
  const close = () => closeWorkspace(options, store.readOnly === null);
  return {
    path,
    get readOnly() {
      return store.readOnly;
    },
    quarantined: recovery && { path: recovery.path, reason: recovery.reason, restoredFrom: recovery.restoredFrom },
    recovery,
    chats: createChatRepository(context, createMessageTexts(store)),
    folders: createFolderRepository(context),
    messages: createMessageRepository(context),
    generations: createGenerationRepository(context),
    drafts: createDraftRepository(context),
    settings: createSettingsRepository(context),
    modelSettings: createModelSettingsRepository(context),
    personalData: createPersonalDataRepository(context),
    egress: createEgressRepository(context),
    hubTokens: createHubTokenRepository(context),
    secrets: createSecretRepository(context),
    monitor: createMonitorRepository(context),
    alertRules: createAlertRuleRepository(context),
    loadHistory: createLoadHistoryRepository(context),
    machineSpeeds: createMachineSpeedRepository(context),
    transaction: (work) => store.write(() => work()),
    backup: (target) => mapped(() => writeBackup(connection, key, target)),
    checkIntegrity: () =>
      mapped(() =>
        connection
          .prepare<[], string>("PRAGMA integrity_check")
          .pluck()
          .all()
          .filter((line) => line !== "ok"),
      ),
    diagnostics: () => mapped(() => diagnose(connection, paths)),
    close,
    [Symbol.dispose]: close,
  };
}

function closeWorkspace(options: WorkspaceOptions, healthy: boolean): void {
  const { connection, witness, onClosed } = options;
  if (!connection.open) return;
  try {
    if (healthy) emptyLog(options);
    connection.close();
    witness?.close();
  } finally {
    onClosed?.();
  }
}

/** Moves the write-ahead log into the database and cuts it: what was deleted is then nowhere in the files. */
function emptyLog({ connection, paths, log }: WorkspaceOptions): void {
  if (connection.inTransaction) return;
  try {
    connection.pragma("wal_checkpoint(TRUNCATE)");
  } catch (error) {
    // Nothing is lost: the log stays beside the database and is read at the next start.
    log.warn({ err: mapFailure(error, paths.database).error }, "the write-ahead log could not be emptied");
  }
}

function diagnose(connection: Connection, paths: WorkspacePaths): StoreDiagnostics {
  const pragma = (name: string) => connection.pragma(name, { simple: true });
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    sqliteVersion: String(connection.prepare("SELECT sqlite_version()").pluck().get()),
    schemaVersion: schemaVersionOf(connection),
    journalMode: String(pragma("journal_mode")),
    synchronous: Number(pragma("synchronous")),
    foreignKeys: pragma("foreign_keys") === 1,
    tempStoreInMemory: pragma("temp_store") === 2,
    secureDelete: pragma("secure_delete") === 1,
    busyTimeoutMs: Number(pragma("busy_timeout")),
    walLimitBytes: Number(pragma("journal_size_limit")),
    databaseBytes: sizeOf(paths.database),
    walBytes: sizeOf(paths.wal),
  };
}
