import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { deskError } from "@deskside/contract";

/** Plain bytes of one frame. Each is sealed by itself: any part can be read without the whole, and checked. */
const frameBytes = 1_048_576;
const tagBytes = 16;
/** Magic, then the salt that the nonces of this file start with. */
const magic = Buffer.from("DSF1");
const saltBytes = 8;
const headerBytes = magic.length + saltBytes;

/** A file on its way in: pieces in order, then `finish`. */
export interface SealedWriter {
  /** Bytes taken in so far. */
  readonly bytes: number;
  write(piece: Uint8Array): void;
  /** Makes it durable under the hash of its content, once for each content. */
  finish(): { hash: string; bytes: number };
  discard(): void;
}

export interface SealedFiles {
  create(): SealedWriter;
  has(hash: string): boolean;
  /** Plain bytes of a file. Throws DISK_FAILED when it is gone or was changed. */
  size(hash: string): number;
  read(hash: string, offset: number, length: number): Buffer;
  remove(hash: string): void;
}

/**
 * Files encrypted at rest (AES-256-GCM), named after the SHA-256 of their content. The last frame is marked in its
 * additional data, so that a file that was cut at a frame is noticed.
 */
export function createSealedFiles(options: { folder: string; key: Uint8Array }): SealedFiles {
  const { folder, key } = options;
  const pathOf = (hash: string): string => {
    if (!/^[0-9a-f]{64}$/.test(hash))
      throw deskError("DISK_FAILED", { path: folder, detail: "not the name of a file" });
    return join(folder, hash);
  };
  return {
    create: () => createWriter(folder, key, pathOf),
    has: (hash) => existsSync(pathOf(hash)),
    size: (hash) => withFile(pathOf(hash), (file, bytes) => plainSize(pathOf(hash), file, bytes)),
    read: (hash, offset, length) =>
      withFile(pathOf(hash), (file, bytes) => readRange(pathOf(hash), key, { file, bytes, offset, length })),
    remove: (hash) => rmSync(pathOf(hash), { force: true }),
  };
}

function createWriter(folder: string, key: Uint8Array, pathOf: (hash: string) => string): SealedWriter {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${randomBytes(12).toString("hex")}.part`);
  const file = openSync(temporary, "wx", 0o600);
  const salt = randomBytes(saltBytes);
  const hash = createHash("sha256");
  let pending: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let frame = 0;
  writeSync(file, Buffer.concat([magic, salt]));
  const seal = (plain: Buffer, isLast: boolean) => writeSync(file, sealFrame(key, salt, frame++, plain, isLast));
  return {
    get bytes() {
      return bytes;
    },
    write(piece) {
      hash.update(piece);
      bytes += piece.length;
      pending = Buffer.concat([pending, piece]);
      while (pending.length > frameBytes) {
        seal(pending.subarray(0, frameBytes), false);
        pending = pending.subarray(frameBytes);
      }
    },
    finish() {
      seal(pending, true);
      fsyncSync(file);
      closeSync(file);
      const name = hash.digest("hex");
      if (existsSync(pathOf(name))) rmSync(temporary);
      else renameSync(temporary, pathOf(name));
      return { hash: name, bytes };
    },
    discard() {
      closeSync(file);
      rmSync(temporary, { force: true });
    },
  };
}

function nonceOf(salt: Buffer, frame: number): Buffer {
  const nonce = Buffer.alloc(12);
  salt.copy(nonce);
  nonce.writeUInt32BE(frame, saltBytes);
  return nonce;
}

function sealFrame(key: Uint8Array, salt: Buffer, frame: number, plain: Buffer, isLast: boolean): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(salt, frame));
  cipher.setAAD(Buffer.from([isLast ? 1 : 0]));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function withFile<T>(path: string, work: (file: number, bytes: number) => T): T {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    throw deskError("DISK_FAILED", { path, detail: (cause as Error).message }, { cause });
  }
  try {
    return work(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

function framesOf(bytes: number): number {
  return Math.ceil((bytes - headerBytes) / (frameBytes + tagBytes));
}

function plainSize(path: string, _file: number, bytes: number): number {
  const frames = framesOf(bytes);
  if (frames < 1) throw damaged(path);
  return bytes - headerBytes - frames * tagBytes;
}

interface Range {
  readonly file: number;
  readonly bytes: number;
  readonly offset: number;
  readonly length: number;
}

function readRange(path: string, key: Uint8Array, { file, bytes, offset, length }: Range): Buffer {
  const total = plainSize(path, file, bytes);
  const end = Math.min(total, offset + length);
  if (offset >= end) return Buffer.alloc(0);
  const header = readAt(file, 0, headerBytes);
  if (!header.subarray(0, magic.length).equals(magic)) throw damaged(path);
  const salt = header.subarray(magic.length);
  const last = framesOf(bytes) - 1;
  const parts: Buffer[] = [];
  for (let frame = Math.floor(offset / frameBytes); frame * frameBytes < end; frame++) {
    const at = headerBytes + frame * (frameBytes + tagBytes);
    const sealed = readAt(file, at, Math.min(frameBytes + tagBytes, bytes - at));
    parts.push(openFrame(path, key, salt, { frame, sealed, isLast: frame === last }));
  }
  const from = offset % frameBytes;
  return Buffer.concat(parts).subarray(from, from + end - offset);
}

function openFrame(
  path: string,
  key: Uint8Array,
  salt: Buffer,
  { frame, sealed, isLast }: { frame: number; sealed: Buffer; isLast: boolean },
): Buffer {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(salt, frame), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from([isLast ? 1 : 0]));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const read = readSync(file, buffer, 0, length, position);
  return buffer.subarray(0, read);
}

function damaged(path: string, cause?: unknown): Error {
  return deskError("DISK_FAILED", { path, detail: "the file was changed or is cut off" }, { cause });
}
