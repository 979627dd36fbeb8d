import type { Connection } from "../driver/connection.ts";
import type { Migration } from "./migrations.ts";

/** Called before each statement; tests end the process here. */
export type BeforeStep = (version: number, step: number) => void;

export function schemaVersionOf(connection: Connection): number {
  return Number(connection.pragma("user_version", { simple: true }));
}

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Brings the schema up to `target`, each migration in one transaction: a failure or a kill leaves the version before
 * it. References are checked inside the transaction, because SQLite can only rebuild tables with them switched off.
 */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  target: number,
  beforeStep: BeforeStep = () => undefined,
): void {
  connection.pragma("foreign_keys=OFF");
  try {
    for (const migration of migrations) {
      if (migration.version <= target) applyOne(connection, migration, beforeStep);
    }
  } finally {
    connection.pragma("foreign_keys=ON");
  }
}

function applyOne(connection: Connection, migration: Migration, beforeStep: BeforeStep): void {
  const run = connection.transaction(() => {
    if (schemaVersionOf(connection) >= migration.version) return;
    for (const [step, statement] of migration.statements.entries()) {
      beforeStep(migration.version, step);
      connection.exec(statement);
    }
    const broken = connection.pragma("foreign_key_check");
    if (Array.isArray(broken) && broken.length > 0) {
      throw new Error(`migration ${migration.version} broke ${broken.length} references`);
    }
    connection.pragma(`user_version=${migration.version}`);
    beforeStep(migration.version, migration.statements.length);
  });
  run.immediate();
}
