import type { Clock } from "@deskside/base";
import type { KeyProvider } from "@deskside/contract/shell";
import { localUser, openWorkspace, type Workspace } from "@deskside/storage";
import type { Logger } from "./log/logger.ts";

/** Deleted chats can be brought back for this long. */
const trashMs = 30 * 24 * 3600_000;

/**
 * The workspace, with what the last end left behind put in order. Throws KEY_UNAVAILABLE, DATABASE_UNREADABLE,
 * DATA_DIR_UNUSABLE, DISK_FULL.
 */
export async function openStore(options: {
  dataDir: string;
  keyProvider: KeyProvider;
  clock: Clock;
  log: Logger;
}): Promise<Workspace> {
  const { dataDir, clock, log } = options;
  const dataKey = await options.keyProvider.getDataKey();
  const workspace = openWorkspace({ dataDir, dataKey, clock, log });
  if (workspace.readOnly !== null) return workspace;
  const interrupted = workspace.messages.markInterrupted();
  if (interrupted > 0) log.warn({ interrupted }, "answers were cut off by the last end");
  workspace.chats.purgeTrash(localUser, clock.now() - trashMs);
  return workspace;
}
