import type { Chat, Folder } from "@deskside/contract";
import type { ReactNode } from "react";
import { type ChatGroupKey, groupChats } from "./group-chats.ts";
import type { ListItem } from "./rows/row-list.tsx";

export interface ListWords {
  readonly pinned: string;
  readonly folders: string;
  groupName(key: ChatGroupKey): string;
}

export interface ListedFolder {
  readonly folder: Folder;
  readonly count: number;
  readonly open: boolean;
}

export interface ListedChats {
  readonly items: readonly ListItem[];
  readonly folders: ReadonlyMap<string, ListedFolder>;
  /** Chats that stand below their folder. */
  readonly inFolder: ReadonlySet<string>;
}

export const folderKey = (id: string): string => `folder:${id}`;

/** Pinned chats, folders with what is in the open ones, then the rest by when it was used. Archived ones are left out. */
export function listItems(
  chats: readonly Chat[],
  folders: readonly Folder[],
  {
    words,
    now,
    isOpen,
    folderAction,
  }: {
    words: ListWords;
    now: number;
    isOpen: (folderId: string) => boolean;
    folderAction: ReactNode;
  },
): ListedChats {
  const shown = chats.filter(({ archivedAt }) => archivedAt === null);
  const pinned = shown.filter(({ pinnedAt }) => pinnedAt !== null);
  const known = new Set(folders.map(({ id }) => id));
  const row = (key: string): ListItem => ({ kind: "row", key, tall: false });
  const items: ListItem[] = [];
  if (pinned.length > 0) items.push({ kind: "head", key: "head-pinned", label: words.pinned });
  items.push(...pinned.map(({ id }) => row(id)));
  const listed = new Map<string, ListedFolder>();
  const inFolder = new Set<string>();
  if (folders.length > 0) items.push({ kind: "head", key: "head-folders", label: words.folders, action: folderAction });
  for (const folder of folders) {
    const members = shown.filter(({ folderId, pinnedAt }) => folderId === folder.id && pinnedAt === null);
    const count = shown.filter(({ folderId }) => folderId === folder.id).length;
    const open = isOpen(folder.id);
    listed.set(folderKey(folder.id), { folder, count, open });
    items.push(row(folderKey(folder.id)));
    if (!open) continue;
    for (const { id } of members) {
      inFolder.add(id);
      items.push(row(id));
    }
  }
  const rest = shown.filter(
    ({ folderId, pinnedAt }) => pinnedAt === null && (folderId === null || !known.has(folderId)),
  );
  for (const { key, chats: members } of groupChats(rest, now)) {
    const label = words.groupName(key);
    items.push({ kind: "head", key: `head-${label}`, label }, ...members.map(({ id }) => row(id)));
  }
  return { items, folders: listed, inFolder };
}
