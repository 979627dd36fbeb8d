import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** `--data-dir`, then DESKSIDE_DATA_DIR, then where the system keeps a user's application data. */
export function dataDirOf(option: string | undefined): string {
  const asked = option ?? process.env["DESKSIDE_DATA_DIR"];
  if (asked) return resolve(asked);
  if (process.platform === "win32")
    return join(process.env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Deskside");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Deskside");
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "deskside");
}

/** Folder of the built-in models: DESKSIDE_MODELS_DIR, or `models/` of the installation. */
export function modelsDir(): string {
  const asked = process.env["DESKSIDE_MODELS_DIR"];
  if (asked) return resolve(asked);
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const models = join(folder, "models");
    if (existsSync(models)) return models;
    if (folder === dirname(folder)) return models;
  }
}

/** Public keys that may sign catalogues: DESKSIDE_TRUST_DIR, or those of the installation. */
export function trustDir(): string {
  const asked = process.env["DESKSIDE_TRUST_DIR"];
  if (asked) return resolve(asked);
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const trust = join(folder, "resources", "trust");
    if (existsSync(trust) || folder === dirname(folder)) return trust;
  }
}

/** The built interface. */
export function pageDir(): string {
  return fileURLToPath(new URL("./web", import.meta.url));
}

/** What readers of documents need beside their code: in the installation, or as it was built last; null: not there. */
export function readerResources(): string | null {
  const places = ["./reader-resources", "../out/reader-resources"].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  );
  return places.find(existsSync) ?? null;
}

/** Script of the thread that keeps the index of documents. */
export function indexScript(): URL {
  const built = new URL("./index-worker.js", import.meta.url);
  if (existsSync(built)) return built;
  return new URL("../../../packages/knowledge/src/index-store/worker/index-worker.ts", import.meta.url);
}
