import type { Chat, ChatFilter, ChatHit } from "@deskside/contract";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";

export interface Listing<T> {
  /** Null until it is known. */
  items: readonly T[] | null;
  error: Error | null;
  retry: () => void;
}

export function useChats(): Listing<Chat> {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.chatList,
    queryFn: ({ signal }) => client.chat.list(undefined, { signal }),
  });
  return { items: data ?? null, error, retry: () => void refetch() };
}

export function useTrashedChats(wanted: boolean): Listing<Chat> {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.chatTrash,
    queryFn: wanted ? ({ signal }) => client.chat.listTrash(undefined, { signal }) : skipToken,
  });
  return { items: data ?? null, error, retry: () => void refetch() };
}

const searchPauseMs = 200;

/** Chats with these words in a title or a message, or those a filter lets through. The last result stays meanwhile. */
export function useChatSearch(query: string, filter: ChatFilter): Listing<ChatHit> & { query: string } {
  const client = useClient();
  const settled = useSettled(query.trim(), searchPauseMs);
  const isWanted = settled !== "" || Object.keys(filter).length > 0;
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.chatSearch(settled, filter),
    queryFn: isWanted
      ? ({ signal }) => client.chat.search({ query: settled, filter, limit: 100 }, { signal })
      : skipToken,
    placeholderData: keepPreviousData,
  });
  return { items: isWanted ? (data ?? null) : null, error, retry: () => void refetch(), query: settled };
}

/** The value once it has stood for `pauseMs`, the first one too; emptied at once. */
function useSettled(value: string, pauseMs: number): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return value === "" ? "" : settled;
}
