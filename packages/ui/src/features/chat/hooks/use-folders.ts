import type { Chat, ChatOrganisation, Folder } from "@deskside/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useErrorToast } from "../../../app/use-error-toast.ts";

/** Null until they are known. */
export function useFolders(): readonly Folder[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.folders,
    queryFn: ({ signal }) => client.chat.folders.list(undefined, { signal }),
  });
  return data ?? null;
}

export interface OrganiseActions {
  /** Shown at once. */
  organise(chatIds: readonly string[], changes: ChatOrganisation): void;
  /** Resolves with its id; null when it was refused, which a toast has told. */
  createFolder(name: string): Promise<string | null>;
  renameFolder(folderId: string, name: string): void;
  removeFolder(folderId: string): void;
}

export function useOrganise(): OrganiseActions {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  return useMemo(() => {
    const refetch = () => queries.invalidateQueries({ queryKey: queryKeys.chats });
    const run = (work: Promise<unknown>) => void work.catch(showError).finally(() => void refetch());
    return {
      organise(chatIds, changes) {
        const changed = (chat: Chat): Chat => (chatIds.includes(chat.id) ? applied(chat, changes) : chat);
        queries.setQueryData<Chat[]>(queryKeys.chatList, (chats) => chats?.map(changed));
        run(client.chat.organise({ chatIds: [...chatIds], changes }));
      },
      async createFolder(name) {
        try {
          const { id } = await client.chat.folders.create({ name });
          await refetch();
          return id;
        } catch (error) {
          showError(error);
          return null;
        }
      },
      renameFolder: (folderId, name) => run(client.chat.folders.rename({ folderId, name })),
      removeFolder: (folderId) => run(client.chat.folders.remove({ folderId })),
    };
  }, [client, queries, showError]);
}

function applied(chat: Chat, { folderId, pinned, archived, tags }: ChatOrganisation): Chat {
  const moment = (wanted: boolean | undefined, since: number | null) =>
    wanted === undefined ? since : wanted ? (since ?? Date.now()) : null;
  return {
    ...chat,
    folderId: folderId === undefined ? chat.folderId : folderId,
    pinnedAt: moment(pinned, chat.pinnedAt),
    archivedAt: moment(archived, chat.archivedAt),
    tags: tags ?? chat.tags,
  };
}
