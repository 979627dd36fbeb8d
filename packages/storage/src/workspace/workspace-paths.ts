import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Of one encrypted database file and what lies beside it. */
export interface WorkspacePaths {
  readonly dataDir: string;
  /** File name without its ending; backups begin with it. */
  readonly name: string;
  readonly database: string;
  readonly wal: string;
  readonly sharedMemory: string;
  /** A store that is being made; worthless until it has its final name. */
  readonly unfinished: string;
  /** A finished repair that has not taken its place yet. */
  readonly recovered: string;
  readonly keyCheck: string;
  /** Says how far the store was acknowledged. */
  readonly witness: string;
  readonly backups: string;
  readonly quarantine: string;
}

export const workspaceFileName = "workspace.db";

export function workspacePaths(dataDir: string): WorkspacePaths {
  return storePaths(dataDir, workspaceFileName);
}

export function storePaths(dataDir: string, fileName: string): WorkspacePaths {
  const database = join(dataDir, fileName);
  const name = fileName.replace(/\.db$/, "");
  return {
    ...{ dataDir, name, database },
    wal: `${database}-wal`,
    sharedMemory: `${database}-shm`,
    unfinished: `${database}.new`,
    recovered: `${database}.recovered`,
    keyCheck: join(dataDir, `${name}.keycheck`),
    witness: join(dataDir, `${name}.commits`),
    backups: join(dataDir, "backups"),
    quarantine: join(dataDir, "quarantine"),
  };
}

/** Backup files, newest first. */
export function listBackups(paths: WorkspacePaths): string[] {
  if (!existsSync(paths.backups)) return [];
  const names = readdirSync(paths.backups).filter((name) => name.startsWith(`${paths.name}-`) && name.endsWith(".db"));
  // By number, not by character: version 10 comes after version 9.
  return names
    .sort(new Intl.Collator("en", { numeric: true }).compare)
    .reverse()
    .map((name) => join(paths.backups, name));
}

/** Whether something here can only be read with the key that wrote it. */
export function hasEncryptedData(dataDir: string): boolean {
  if (!existsSync(dataDir)) return false;
  const paths = workspacePaths(dataDir);
  if (existsSync(paths.keyCheck) || existsSync(paths.quarantine) || listBackups(paths).length > 0) return true;
  return readdirSync(dataDir).some((name) => /\.db(-wal|\.recovered)?$/.test(name));
}
