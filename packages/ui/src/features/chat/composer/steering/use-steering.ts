import type { ChatWithMessages, Steering } from "@deskside/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../../../app/client-context.tsx";
import { queryKeys } from "../../../../app/query-keys.ts";
import { useErrorToast } from "../../../../app/use-error-toast.ts";
import { useChat } from "../../hooks/use-chat.ts";
import { useChatWindowStore } from "../../state/use-chat-session.ts";

/** What a person fixed for a chat, or for the one that begins with the next message; null = as the model comes. */
export function useSteering(chatId: string | null): {
  steering: Steering | null;
  /** Shown at once; a refusal is told in a toast. */
  steer: (steering: Steering | null) => void;
} {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const { chat } = useChat(chatId);
  const newSteering = useChatWindowStore((state) => state.newSteering);
  const setNewSteering = useChatWindowStore((state) => state.actions.setNewSteering);
  return {
    steering: chatId === null ? newSteering : (chat?.steering ?? null),
    steer: (steering) => {
      if (chatId === null) return setNewSteering(steering);
      const key = queryKeys.chat(chatId);
      queries.setQueryData<ChatWithMessages>(key, (known) => known && { ...known, steering });
      client.chat
        .steer({ chatId, steering })
        .catch(showError)
        .finally(() => void queries.invalidateQueries({ queryKey: key }));
    },
  };
}
