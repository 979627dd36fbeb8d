import type { ChatWithMessages, Message } from "@deskside/contract";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { shownBranch, type Versions, versionsOf } from "../state/branches.ts";
import { useChatSession } from "../state/use-chat-session.ts";

export interface ShownChat {
  chat: ChatWithMessages | null;
  /** From the first message to the shown leaf. */
  branch: readonly Message[];
  versions: ReadonlyMap<string, Versions>;
  /** The answer that is being written, if there is one. */
  running: Message | null;
  error: Error | null;
}

const noMessages: readonly Message[] = [];

/** A chat as it is shown. A running answer, whoever started it, is followed from here on. */
export function useChat(chatId: string | null): ShownChat {
  const client = useClient();
  const session = useChatSession();
  const { data, error } = useQuery({
    queryKey: queryKeys.chat(chatId ?? ""),
    queryFn: chatId === null ? skipToken : ({ signal }) => client.chat.get({ chatId }, { signal }),
  });
  const chat = data ?? null;
  const messages = chat?.messages ?? noMessages;
  const branch = useMemo(() => shownBranch(messages, chat?.leafId ?? null), [messages, chat?.leafId]);
  const versions = useMemo(() => versionsOf(messages, branch), [messages, branch]);
  const running = messages.find(({ status }) => status === "running") ?? null;
  const generationId = running?.generationId ?? null;
  useEffect(() => {
    if (generationId !== null && chatId !== null) session.watch(generationId, chatId);
  }, [session, generationId, chatId]);
  return { chat, branch, versions, running, error };
}
