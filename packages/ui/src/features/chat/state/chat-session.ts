import { isCancellation } from "@deskside/base";
import type { GenerationStart, GenerationStarted, Message } from "@deskside/contract";
import type { QueryClient } from "@tanstack/react-query";
import type { DesksideClient } from "../../../app/client.ts";
import { queryKeys } from "../../../app/query-keys.ts";
import { toErrorData } from "../../../i18n/describe-error.ts";
import { setRunning, storeMessage, storeStarted } from "./chat-cache.ts";
import { createGenerationStore, type GenerationStore, requestFrame } from "./generation-store.ts";
import { watchGeneration } from "./watch-generation.ts";
import { type ChatWindowStore, createChatWindowStore } from "./window-store.ts";

/** Everything about chats that outlives a component: running answers go on, queued messages go out, whatever is shown. */
export interface ChatSession {
  readonly generations: GenerationStore;
  readonly window: ChatWindowStore;
  /** Starts an answer and follows it. Resolves when the user's turn is on disk. */
  start(input: GenerationStart): Promise<GenerationStarted>;
  /** Follows an answer that runs already; asking twice is once. */
  watch(generationId: string, chatId: string): void;
  cancel(generationId: string): Promise<void>;
  /** Sends what waits in this chat. If that fails, it waits on, and the problem is kept for the composer. */
  sendQueued(chatId: string): Promise<void>;
  /** `listener` hears of every answer that ended while this window watched it. */
  onEnded(listener: (message: Message) => void): Disposable;
}

export interface ChatSessionDeps {
  client: DesksideClient;
  queries: QueryClient;
}

export function createChatSession(deps: ChatSessionDeps): ChatSession {
  const { client, queries } = deps;
  const generations = createGenerationStore({ requestFrame });
  const windowStore = createChatWindowStore();
  const watched = new Set<string>();
  const listeners = new Set<(message: Message) => void>();

  const sendWaiting = async (ended: Message) => {
    if (windowStore.getState().queued[ended.chatId] === undefined) return;
    // After a failure the reader decides: what is queued waits in its place.
    if (ended.status === "failed") return;
    await session.sendQueued(ended.chatId);
  };

  const onEnd = (message: Message) => {
    storeMessage(queries, message);
    for (const listener of listeners) listener(message);
    void sendWaiting(message);
  };

  const session: ChatSession = {
    generations,
    window: windowStore,
    async start(input) {
      const started = await client.generation.start(input);
      storeStarted(queries, input, started);
      session.watch(started.generationId, started.chatId);
      return started;
    },
    watch(generationId, chatId) {
      if (watched.has(generationId)) return;
      watched.add(generationId);
      const onUnknown = () => readBack(queries, chatId);
      // It ends with the answer; closing the window ends it too.
      void watchGeneration({ client, store: generations, onEnd, onUnknown }, generationId, {
        signal: new AbortController().signal,
      });
    },
    cancel: async (generationId) => client.generation.cancel({ generationId }),
    async sendQueued(chatId) {
      const { actions } = windowStore.getState();
      const text = actions.unqueue(chatId);
      if (text === null) return;
      actions.setProblem(chatId, null);
      try {
        const scope = actions.scopeOf(chatId);
        await session.start({ kind: "send", chatId, parentId: null, text, modelId: null, sampling: {}, scope });
        await forgetInDraft(client, chatId, text);
      } catch (error) {
        actions.queue(chatId, text);
        if (!isCancellation(error)) actions.setProblem(chatId, toErrorData(error));
      }
    },
    onEnded(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
  return session;
}

function readBack(queries: QueryClient, chatId: string): void {
  setRunning(queries, chatId, false);
  void queries.invalidateQueries({ queryKey: queryKeys.chat(chatId) });
  void queries.invalidateQueries({ queryKey: queryKeys.chatList });
}

/** A waiting message is kept in the draft too, in case the window goes away before it is sent. */
async function forgetInDraft(client: DesksideClient, chatId: string, sent: string): Promise<void> {
  const draft = await client.chat.getDraft({ key: chatId });
  if (draft.startsWith(sent)) await client.chat.saveDraft({ key: chatId, text: draft.slice(sent.length).trimStart() });
}
