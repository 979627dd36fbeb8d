import { useState } from "react";
import { useBridge, useClient } from "../client-context.tsx";
import type { DesksideClient } from "../client.ts";
import { useErrorToast } from "../use-error-toast.ts";

const pieceBytes = 524_288;

export interface DroppedFile {
  readonly file: File;
  /** With the folders it was dropped in, `/` between parts. */
  readonly path: string;
}

/** Files on their way into a collection: by path where the shell knows it, else as bytes. */
export function useAddFiles() {
  const client = useClient();
  const bridge = useBridge();
  const showError = useErrorToast();
  const [left, setLeft] = useState(0);
  const add = async (collectionId: string, files: readonly DroppedFile[]): Promise<void> => {
    const paths = bridge ? files.map(({ file }) => bridge.pathOfFile(file)).filter((path) => path !== "") : [];
    if (files.length > 0 && paths.length === files.length) {
      await client.knowledge.documents.add({ collectionId, paths }).catch(showError);
      return;
    }
    setLeft((count) => count + files.length);
    for (const { file, path } of files) {
      await upload(client, collectionId, file, path).catch(showError);
      setLeft((count) => count - 1);
    }
  };
  return { add, left };
}

async function upload(client: DesksideClient, collectionId: string, file: File, path: string): Promise<void> {
  const calls = client.knowledge.upload;
  const { uploadId } = await calls.start({ collectionId, path, bytes: file.size });
  try {
    for (let offset = 0; offset < file.size; offset += pieceBytes) {
      const piece = new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer());
      await calls.piece({ uploadId, offset, data: toBase64(piece) });
    }
    await calls.finish({ uploadId });
  } catch (error) {
    await calls.cancel({ uploadId }).catch(() => undefined);
    throw error;
  }
}

/** Files of a drop, folders walked through. */
export async function filesOfDrop(transfer: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ file, path: file.name }));
  return (await Promise.all(entries.map((entry) => filesOfEntry(entry, "")))).flat();
}

async function filesOfEntry(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) break;
    inside.push(...batch);
  }
  return (await Promise.all(inside.map((one) => filesOfEntry(one, path)))).flat();
}

/** In parts: a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
