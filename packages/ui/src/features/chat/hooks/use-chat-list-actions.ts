import type { Chat } from "@deskside/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { useText } from "../../../i18n/use-text.ts";
import { toast } from "../../../primitives/index.ts";

export interface ChatListActions {
  rename(chatId: string, title: string): void;
  /** Shown at once; a toast offers to undo it. */
  moveToTrash(chat: Chat): void;
  restore(chat: Chat): void;
  deleteForever(chat: Chat): void;
}

export function useChatListActions(): ChatListActions {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const { t } = useText();
  return useMemo(() => {
    const refetch = () => queries.invalidateQueries({ queryKey: queryKeys.chats });
    /** Shows the change first; if the backend refuses, what it holds comes back and a toast says why. */
    const run = (work: Promise<unknown>) =>
      work.then(refetch, (error: unknown) => {
        void refetch();
        showError(error);
        throw error;
      });
    const quietly = (work: Promise<unknown>) => void run(work).catch(() => undefined);
    const changeList = (change: (chats: Chat[]) => Chat[]) =>
      queries.setQueryData<Chat[]>(queryKeys.chatList, (chats) => chats && change(chats));
    const restore = (chat: Chat) => quietly(client.chat.restore({ chatId: chat.id }));
    return {
      rename(chatId, title) {
        const renamed = <T extends Chat>(chat: T): T => (chat.id === chatId ? { ...chat, title } : chat);
        changeList((chats) => chats.map(renamed));
        queries.setQueryData<Chat>(queryKeys.chat(chatId), (chat) => chat && renamed(chat));
        const readBack = () => void queries.invalidateQueries({ queryKey: queryKeys.chat(chatId) });
        quietly(client.chat.rename({ chatId, title }).finally(readBack));
      },
      moveToTrash(chat) {
        changeList((chats) => chats.filter(({ id }) => id !== chat.id));
        const title = chat.title || t("chat.newChat");
        run(client.chat.trash({ chatId: chat.id })).then(
          () =>
            toast({
              text: t("chat.list.deleted", { title }),
              icon: "trash",
              action: { label: t("chat.list.undo"), run: () => restore(chat) },
            }),
          () => undefined,
        );
      },
      restore,
      deleteForever: (chat) => quietly(client.chat.deleteForever({ chatId: chat.id })),
    };
  }, [client, queries, showError, t]);
}
