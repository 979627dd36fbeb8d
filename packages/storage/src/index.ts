export { acquireDataDir, type DataDirLease, type LeaseOptions, readOwner } from "./data-dir/data-dir-lease.ts";
export { createKeyFileProvider } from "./data-dir/key-file-provider.ts";
export type { DataDirOwner } from "./data-dir/owner-file.ts";
export { dataKeyLength, deriveKey } from "./driver/key-derivation.ts";
export type { AlertRuleRepository, StoredAlertRule } from "./monitor/alert-rule-repository.ts";
export type { BlockRange, MonitorRepository, PruneRule } from "./monitor/monitor-repository.ts";
export { createSampleBlock, type SampleBlock } from "./monitor/sample-block.ts";
export { localUser, type Principal } from "./principal.ts";
export type { RecoveryReport } from "./recovery/recover.ts";
export type { MachineSpeedRecord } from "./load-history/machine-speed-repository.ts";
export type { LoadHistoryRepository, LoadRecord } from "./load-history/load-history-repository.ts";
export type { ChatRepository } from "./repositories/chat-repository.ts";
export type { DraftRepository } from "./repositories/draft-repository.ts";
export type { EgressOutcome, EgressRepository, NewEgress } from "./repositories/egress-repository.ts";
export type { Generation, GenerationRepository } from "./repositories/generation-repository.ts";
export type {
  FinishedAnswer,
  MessageRepository,
  NewAnswer,
  NewTurn,
  RunningText,
} from "./repositories/message-repository.ts";
export type { SettingsRepository } from "./repositories/settings-repository.ts";
export type { StorageLog } from "./storage-log.ts";
export type { ReadOnlyReason } from "./workspace/failure-gate.ts";
export { type OpenWorkspaceOptions, openWorkspace } from "./workspace/open-workspace.ts";
export type { StoreDiagnostics, Workspace } from "./workspace/workspace.ts";
