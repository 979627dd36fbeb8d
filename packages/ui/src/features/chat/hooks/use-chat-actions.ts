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
  /** A question in other words, on a branch of its own. Rejects when it is refused. */
  editQuestion(message: Message, text: string): Promise<void>;
  /** Another version of an answer, in words of the person. Rejects when it is refused. */
  editAnswer(message: Message, text: string): Promise<void>;
  /** A chat of its own that goes on from this message; resolves with its id. */
  fork(message: Message, title: string): Promise<string>;
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
    /** Whoever holds the text keeps it when it was refused. */
    const told = async (work: Promise<unknown>): Promise<void> => {
      try {
        await work;
      } catch (error) {
        showError(error);
        throw error;
      }
    };
    return {
      regenerate: ({ chatId, id }) =>
        run(session.start({ kind: "regenerate", chatId, messageId: id, modelId: null, sampling: {} })),
      continueAnswer: ({ chatId, id }) => run(session.start({ kind: "continue", chatId, messageId: id, sampling: {} })),
      editQuestion: ({ chatId, id }, text) =>
        told(session.start({ kind: "edit", chatId, messageId: id, text, modelId: null, sampling: {} })),
      editAnswer: ({ chatId, id }, text) =>
        told(client.chat.editAnswer({ messageId: id, text }).then(() => refetch(chatId))),
      fork: async ({ id }, title) => {
        const forked = await client.chat.fork({ messageId: id, title });
        await queries.invalidateQueries({ queryKey: queryKeys.chats });
        return forked.id;
      },
      stop: ({ generationId }) => generationId !== null && run(session.cancel(generationId)),
      showVersion: ({ chatId, id }) =>
        run(client.chat.selectBranch({ chatId, messageId: id }).then(() => refetch(chatId))),
      setModel: (chatId, modelId) => run(client.chat.setModel({ chatId, modelId }).then(() => refetch(chatId))),
      reload: (chatId) => void refetch(chatId),
    };
  }, [client, queries, session, showError]);
}
