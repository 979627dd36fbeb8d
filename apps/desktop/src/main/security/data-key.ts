import { randomBytes } from "node:crypto";
import { constants, existsSync, readdirSync } from "node:fs";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDesksideError } from "@deskside/base";
import { deskError, type ErrorDataOf } from "@deskside/contract";
import { safeStorage } from "electron";
import { z } from "zod";
import type { KeyResult } from "../../messages/backend-messages.ts";

const wrappedKeySchema = z.object({ version: z.literal(1), wrapped: z.base64() });
const keyLength = 32;

/**
 * The data key of one data directory: `keys/data.key.wrapped` (0600), encrypted by the system's key store. Where the
 * system has none (Linux without a keyring), or where the headless server was first, the backend's key file is used.
 * A file that cannot be read is never replaced: the data under it would be lost.
 * Never rejects: why there is no key is part of the result.
 */
export async function readDataKey(dataDir: string, log: (line: string) => void): Promise<KeyResult> {
  const folder = join(dataDir, "keys");
  const path = join(folder, "data.key.wrapped");
  try {
    const wrapped = await readIfThere(path);
    if (wrapped) return { from: "system-store", key: await unwrap(wrapped, path) };
    if (existsSync(join(folder, "data.key"))) return { from: "file" };
    if (!(await systemStoreProtects())) {
      log("data key: this system has no key store; the key is kept in a file that only this user can read");
      return { from: "file" };
    }
    if (holdsData(dataDir)) throw keyError("missing", path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { from: "system-store", key: await makeKey(path) };
  } catch (error) {
    const known = isDesksideError(error) ? error : keyError(reasonOf(error), path, error);
    log(`data key: ${known.message}`);
    const { code, kind, data } = known;
    return { from: "nowhere", error: { code, kind, data: { ...data } } };
  }
}

/** Data without its key is not a first start: a new key would only hide that it is lost. */
function holdsData(dataDir: string): boolean {
  return readdirSync(dataDir).some((name) => /\.db(-wal|\.recovered)?$|\.keycheck$|^quarantine$|^backups$/.test(name));
}

async function makeKey(path: string): Promise<Uint8Array> {
  const key = new Uint8Array(randomBytes(keyLength));
  const wrapped = await safeStorage.encryptStringAsync(Buffer.from(key).toString("base64"));
  await writeOnce(path, `${JSON.stringify({ version: 1, wrapped: wrapped.toString("base64") })}\n`);
  return key;
}

/** `basic_text` is a fixed password inside Chromium: no protection at all, and worse than a file that says so. */
async function systemStoreProtects(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== "linux" || !["basic_text", "unknown"].includes(safeStorage.getSelectedStorageBackend());
}

async function unwrap(content: Buffer, path: string): Promise<Uint8Array> {
  const parsed = wrappedKeySchema.safeParse(parseJson(content.toString("utf8")));
  if (!parsed.success) throw keyError("damaged", path);
  if (!(await safeStorage.isAsyncEncryptionAvailable())) throw keyError("store-locked", path);
  let text: string;
  try {
    text = (await safeStorage.decryptStringAsync(Buffer.from(parsed.data.wrapped, "base64"))).result;
  } catch (error) {
    throw keyError("store-locked", path, error);
  }
  const key = new Uint8Array(Buffer.from(text, "base64"));
  if (key.length !== keyLength) throw keyError("damaged", path);
  return key;
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Complete and on disk under its name, or not there at all; fails when the name is taken. */
async function writeOnce(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  await rm(temporary, { force: true });
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // `link` refuses to replace, `rename` does not.
    await link(temporary, path);
    await rm(temporary);
  } catch (error) {
    // A file system without hard links.
    if (existsSync(path) || (error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    await rename(temporary, path);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type KeyReason = ErrorDataOf<"KEY_UNAVAILABLE">["reason"];

function reasonOf(error: unknown): KeyReason {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "EACCES" || code === "EPERM" || code === "EROFS" ? "no-permission" : "damaged";
}

function keyError(reason: KeyReason, path: string, cause?: unknown) {
  return deskError("KEY_UNAVAILABLE", { reason, path }, { cause });
}
