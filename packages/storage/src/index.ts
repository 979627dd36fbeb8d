export { acquireDataDir, type DataDirLease, type LeaseOptions, readOwner } from "./data-dir/data-dir-lease.ts";
export { createKeyFileProvider } from "./data-dir/key-file-provider.ts";
export type { DataDirOwner } from "./data-dir/owner-file.ts";
export { dataKeyLength, deriveKey } from "./driver/key-derivation.ts";
export type { AlertRuleRepository, StoredAlertRule } from "./monitor/alert-rule-repository.ts";
export type { BlockRange, MonitorRepository, PruneRule } from "./monitor/monitor-repository.ts";
export { createSampleBlock, type SampleBlock } from "./monitor/sample-block.ts";
export { createSealedFiles, type SealedFiles, type SealedWriter } from "./files/sealed-files.ts";
export { localUser, type Principal } from "./principal.ts";
export type { RecoveryReport } from "./recovery/recover.ts";
export type { MachineSpeedRecord } from "./load-history/machine-speed-repository.ts";
export type { PassageRange, StoredPassage } from "./knowledge/passage-repository.ts";
export type { KnowledgeStore } from "./knowledge/knowledge-store.ts";
export { type KnowledgeRepair, type OpenKnowledgeOptions, openKnowledge } from "./knowledge/open-knowledge.ts";
export { collectionOf, passageRange, type StoredCollection } from "./knowledge/collection-repository.ts";
export type { StoredDocument } from "./knowledge/document-repository.ts";
export type { LoadHistoryRepository, LoadRecord } from "./load-history/load-history-repository.ts";
export type { ChatRepository } from "./chats/chat-repository.ts";
export type { DraftRepository } from "./repositories/draft-repository.ts";
export type { EgressOutcome, EgressRepository, NewEgress } from "./egress/egress-repository.ts";
export type { Generation, GenerationRepository } from "./repositories/generation-repository.ts";
export type { HubTokenRepository } from "./egress/hub-token-repository.ts";
export type {
  FinishedAnswer,
  MessageRepository,
  NewAnswer,
  NewTurn,
  RunningText,
} from "./messages/message-repository.ts";
export type { KeptAttachment, ModelSettingsRepository } from "./model-settings/model-settings-repository.ts";
export type { SecretRepository } from "./secrets/secret-repository.ts";
export type { SettingsRepository } from "./repositories/settings-repository.ts";
export type { StorageLog } from "./storage-log.ts";
export type { ReadOnlyReason } from "./workspace/failure-gate.ts";
export { type OpenWorkspaceOptions, openWorkspace } from "./workspace/open-workspace.ts";
export type { StoreDiagnostics, Workspace } from "./workspace/workspace.ts";
