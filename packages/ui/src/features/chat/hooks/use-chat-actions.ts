import type { Message } from "@deskside/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { useChatSession } from "../state/use-chat-session.ts";

export interface ChatActions {
  regenerate(message: Message): void;
  continueAnswer(message: Message): void;
  stop(message: Message): void;
  showVersion(message: Message): void;
  setModel(chatId: string, modelId: string | null): void;
  reload(chatId: string): void;
}

/** What can be done in a thread. A refusal is told in a toast. */
export function useChatActions(): ChatActions {
  const client = useClient();
  const queries = useQueryClient();
  const session = useChatSession();
  const showError = useErrorToast();
  return useMemo(() => {
    const refetch = (chatId: string) => queries.invalidateQueries({ queryKey: queryKeys.chat(chatId) });
    const run = (work: Promise<unknown>) => void work.catch(showError);
    return {
      regenerate: ({ chatId, id }) =>
        run(session.start({ kind: "regenerate", chatId, messageId: id, modelId: null, sampling: {} })),
      continueAnswer: ({ chatId, id }) => run(session.start({ kind: "continue", chatId, messageId: id, sampling: {} })),
      stop: ({ generationId }) => generationId !== null && run(session.cancel(generationId)),
      showVersion: ({ chatId, id }) =>
        run(client.chat.selectBranch({ chatId, messageId: id }).then(() => refetch(chatId))),
      setModel: (chatId, modelId) => run(client.chat.setModel({ chatId, modelId }).then(() => refetch(chatId))),
      reload: (chatId) => void refetch(chatId),
    };
  }, [client, queries, session, showError]);
}
