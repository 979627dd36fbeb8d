import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useStore } from "zustand";
import { useClient } from "../../../app/client-context.tsx";
import type { DesksideClient } from "../../../app/client.ts";
import { type ChatSession, createChatSession } from "./chat-session.ts";
import { type GenerationsState, type LiveGeneration, selectGeneration } from "./generation-store.ts";
import type { ChatWindowState } from "./window-store.ts";

/** One session for each query cache: the list, the thread and the inspector are separate trees over the same chats. */
const sessions = new WeakMap<QueryClient, ChatSession>();

export function sessionOf(queries: QueryClient, client: DesksideClient): ChatSession {
  let session = sessions.get(queries);
  if (!session) {
    session = createChatSession({ client, queries });
    sessions.set(queries, session);
  }
  return session;
}

export function useChatSession(): ChatSession {
  return sessionOf(useQueryClient(), useClient());
}

export function useGenerationStore<T>(selector: (state: GenerationsState) => T): T {
  return useStore(useChatSession().generations, selector);
}

export function useLiveGeneration(generationId: string | null): LiveGeneration | null {
  return useGenerationStore(selectGeneration(generationId));
}

export function useChatWindowStore<T>(selector: (state: ChatWindowState) => T): T {
  return useStore(useChatSession().window, selector);
}

/** For other sections: what the next message of a chat is looked up in. */
export function useSetChatScope(): ChatWindowState["actions"]["setScope"] {
  return useChatWindowStore((state) => state.actions.setScope);
}
