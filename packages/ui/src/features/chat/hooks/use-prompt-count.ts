import { isCancellation, sleep, utf8Length } from "@deskside/base";
import { maxMessageBytes, newChatDraft, type PromptCount } from "@deskside/contract";
import { useEffect } from "react";
import { useClient, useEngineStore } from "../../../app/client-context.tsx";
import { useChatSession, useChatWindowStore } from "../state/use-chat-session.ts";

const pauseMs = 250;

export interface CountInput {
  chatId: string | null;
  text: string;
  modelId: string | null;
  /** Changes when the conversation does. */
  leafId: string | null;
  /** Changes when the instructions of the chat do. */
  revised: unknown;
  /** While an answer is written, its end is not known: the count rests. */
  paused: boolean;
}

/** Tokens that the next prompt would take, as the engine counts them; null while the model is not loaded. */
export function usePromptCount({ chatId, text, modelId, leafId, revised, paused }: CountInput): PromptCount | null {
  const client = useClient();
  const { window: store } = useChatSession();
  const chatKey = chatId ?? newChatDraft;
  const count = useChatWindowStore((state) => state.counts[chatKey] ?? null);
  const steering = useChatWindowStore((state) => (chatId === null ? state.newSteering : null));
  // A model that has just been loaded can be asked.
  const loaded = useEngineStore(
    (state) => state.engines?.map(({ model, phase }) => `${model?.id}:${phase}`).join() ?? "",
  );
  useEffect(() => {
    if (paused || text.length > maxMessageBytes || utf8Length(text) > maxMessageBytes) return;
    const controller = new AbortController();
    const { signal } = controller;
    const run = async () => {
      await sleep(pauseMs, { signal });
      const next = await client.generation.count({ chatId, parentId: null, text, modelId, steering }, { signal });
      if (!signal.aborted) store.getState().actions.setCount(chatKey, next);
    };
    run().catch((error: unknown) => {
      // A count that is not known is not shown; sending checks again and tells what is wrong.
      if (!isCancellation(error, signal) && !signal.aborted) store.getState().actions.setCount(chatKey, null);
    });
    return () => controller.abort();
  }, [client, store, chatId, chatKey, text, modelId, leafId, steering, revised, paused, loaded]);
  return count;
}

export interface CountLevel {
  level: "ok" | "warn" | "danger";
  /** Tokens a prompt may have. */
  limit: number;
  /** Tokens beyond the limit, 0 if it fits. */
  over: number;
}

/** Warns from 85% of what the prompt may take. */
export function judgeCount({ used, contextSize, room }: PromptCount): CountLevel {
  const limit = Math.max(0, contextSize - room);
  const over = Math.max(0, used - limit);
  if (over > 0) return { level: "danger", limit, over };
  return { level: used >= limit * 0.85 ? "warn" : "ok", limit, over };
}
