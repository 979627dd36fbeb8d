import type { Message } from "@deskside/contract";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";

export interface RunningAnswer {
  readonly chatId: string;
  readonly title: string;
  readonly message: Message;
}

/** The answers that are being written now, over all chats. */
export function useRunningAnswers(): readonly RunningAnswer[] {
  const client = useClient();
  const { data: chats } = useQuery({
    queryKey: queryKeys.chatList,
    queryFn: ({ signal }) => client.chat.list(undefined, { signal }),
  });
  const running = chats?.filter((chat) => chat.running) ?? [];
  return useQueries({
    queries: running.map((chat) => ({
      queryKey: queryKeys.chat(chat.id),
      queryFn: ({ signal }: { signal: AbortSignal }) => client.chat.get({ chatId: chat.id }, { signal }),
    })),
    combine: (results) =>
      results.flatMap(({ data }) => {
        const message = data?.messages.find(({ status }) => status === "running");
        return data && message ? [{ chatId: data.id, title: data.title, message }] : [];
      }),
  });
}
