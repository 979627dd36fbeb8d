import { createId } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { SealedFiles, SealedWriter } from "@deskside/storage";

export interface UploadedFile {
  readonly collectionId: string;
  readonly path: string;
  readonly bytes: number;
  readonly hash: string;
}

/** Files on their way in from a window, piece by piece. What is not finished when the process ends is gone. */
export interface Uploads extends Disposable {
  start(input: { collectionId: string; path: string; bytes: number; ownerId: string }): string;
  /** Throws UPLOAD_NOT_FOUND, UPLOAD_INCOMPLETE when pieces do not follow each other. */
  piece(ownerId: string, uploadId: string, offset: number, data: Uint8Array): void;
  finish(ownerId: string, uploadId: string): UploadedFile;
  cancel(ownerId: string, uploadId: string): void;
}

interface Upload {
  readonly ownerId: string;
  readonly collectionId: string;
  readonly path: string;
  readonly bytes: number;
  readonly writer: SealedWriter;
}

export function createUploads(files: SealedFiles, options: { mostBytes: number }): Uploads {
  const open = new Map<string, Upload>();
  const find = (ownerId: string, uploadId: string): Upload => {
    const upload = open.get(uploadId);
    if (upload?.ownerId !== ownerId) throw deskError("UPLOAD_NOT_FOUND", { uploadId });
    return upload;
  };
  const drop = (uploadId: string, upload: Upload): void => {
    open.delete(uploadId);
    upload.writer.discard();
  };
  return {
    start(input) {
      const uploadId = createId("up");
      if (input.bytes > options.mostBytes)
        throw deskError("UPLOAD_INCOMPLETE", { name: input.path, expected: options.mostBytes, received: input.bytes });
      open.set(uploadId, { ...input, path: safePath(input.path), writer: files.create() });
      return uploadId;
    },
    piece(ownerId, uploadId, offset, data) {
      const upload = find(ownerId, uploadId);
      const { writer, path, bytes } = upload;
      if (offset !== writer.bytes || writer.bytes + data.length > bytes) {
        drop(uploadId, upload);
        throw deskError("UPLOAD_INCOMPLETE", { name: path, expected: bytes, received: offset + data.length });
      }
      writer.write(data);
    },
    finish(ownerId, uploadId) {
      const upload = find(ownerId, uploadId);
      const { writer, path, bytes, collectionId } = upload;
      if (writer.bytes !== bytes) {
        drop(uploadId, upload);
        throw deskError("UPLOAD_INCOMPLETE", { name: path, expected: bytes, received: writer.bytes });
      }
      open.delete(uploadId);
      return { collectionId, path, ...writer.finish() };
    },
    cancel(ownerId, uploadId) {
      const upload = open.get(uploadId);
      if (upload?.ownerId === ownerId) drop(uploadId, upload);
    },
    [Symbol.dispose]() {
      for (const [uploadId, upload] of open) drop(uploadId, upload);
    },
  };
}

/** The path is a label, never opened; but a label that climbs out of its folder would mislead. */
function safePath(path: string): string {
  const parts = path
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..");
  return parts.join("/") || "file";
}
