import { isCancellation, toWellFormed, utf8Length } from "@deskside/base";
import { maxMessageBytes, newChatDraft, type PromptCount } from "@deskside/contract";
import { useState } from "react";
import { toErrorData } from "../../../i18n/describe-error.ts";
import { judgeCount } from "../hooks/use-prompt-count.ts";
import type { Draft } from "../hooks/use-draft.ts";
import { useChatSession } from "../state/use-chat-session.ts";

export interface SendInput {
  chatId: string | null;
  modelId: string | null;
  draft: Draft;
  count: PromptCount | null;
  /** An answer is being written here. */
  busy: boolean;
  onOpenChat: (chatId: string) => void;
}

export interface Send {
  /** Sends what is typed, or queues it behind the running answer. */
  send: () => void;
  canSend: boolean;
  /** UTF-8 bytes of what is typed, when it is more than can be sent; else null. */
  tooLarge: number | null;
}

export function useSend({ chatId, modelId, draft, count, busy, onOpenChat }: SendInput): Send {
  const session = useChatSession();
  const [sending, setSending] = useState(false);
  const chatKey = chatId ?? newChatDraft;
  const { text } = draft;
  const bytes = text.length * 3 > maxMessageBytes ? utf8Length(text) : 0;
  const tooLarge = bytes > maxMessageBytes ? bytes : null;
  const overflows = count !== null && !busy && judgeCount(count).over > 0;
  const canSend = text.trim() !== "" && !sending && tooLarge === null && !overflows;

  const send = () => {
    if (!canSend) return;
    const { actions } = session.window.getState();
    actions.setProblem(chatKey, null);
    // Half of a pair of code units can be pasted, but neither stored nor counted.
    const message = toWellFormed(text);
    if (busy && chatId !== null) {
      actions.queue(chatId, message);
      draft.setText("");
      return;
    }
    setSending(true);
    session
      .start({
        kind: "send",
        chatId,
        parentId: null,
        text: message,
        modelId: chatId === null ? modelId : null,
        sampling: {},
        scope: actions.scopeOf(chatKey),
        steering: chatId === null ? session.window.getState().newSteering : null,
      })
      .then((started) => {
        draft.clear();
        if (chatId !== null) return;
        actions.setNewChatModel(null);
        actions.setNewSteering(null);
        // The chat that was made goes on with what was chosen for it.
        actions.setScope(started.chatId, actions.scopeOf(newChatDraft));
        actions.setScope(newChatDraft, null);
        onOpenChat(started.chatId);
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) actions.setProblem(chatKey, toErrorData(error));
      })
      .finally(() => setSending(false));
  };
  return { send, canSend, tooLarge };
}
