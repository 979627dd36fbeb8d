import { newChatDraft } from "@deskside/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../../../app/client-context.tsx";
import { type DroppedFile, useAddFiles } from "../../../../app/data/use-add-files.ts";
import { useDocuments } from "../../../../app/data/use-knowledge.ts";
import { queryKeys } from "../../../../app/query-keys.ts";
import { useErrorToast } from "../../../../app/use-error-toast.ts";
import { useChatWindowStore } from "../../state/use-chat-session.ts";

/** Files of one chat: they are read like any other and looked up in this chat alone. */
export function useAttach(chatId: string | null) {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const chatKey = chatId ?? newChatDraft;
  const setScope = useChatWindowStore((state) => state.actions.setScope);
  const { add, left } = useAddFiles();
  const attach = async (files: readonly DroppedFile[]): Promise<void> => {
    if (files.length === 0) return;
    try {
      const collection = await client.knowledge.chatCollection({ chatId: chatKey });
      setScope(chatKey, { kind: "chat" });
      await add(collection.id, files);
      await queries.invalidateQueries({ queryKey: queryKeys.knowledge });
    } catch (error) {
      showError(error);
    }
  };
  return { attach, left };
}

/** What is attached to this chat; asked for only once something was, or the chat looks its files up. */
export function useAttachments(chatId: string | null) {
  const client = useClient();
  const chatKey = chatId ?? newChatDraft;
  const isWanted = useChatWindowStore((state) => state.scopes[chatKey]?.kind === "chat");
  const { data } = useQuery({
    queryKey: [...queryKeys.knowledge, "chat", chatKey],
    enabled: isWanted,
    queryFn: ({ signal }) => client.knowledge.chatCollection({ chatId: chatKey }, { signal }),
  });
  return useDocuments(isWanted ? (data?.id ?? null) : null) ?? [];
}
