import { type RefObject, useEffect } from "react";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import type { ShownChat } from "./use-chat.ts";
import type { ChatActions } from "./use-chat-actions.ts";

/** So long, in milliseconds, a message that was looked for stays marked. */
const markedMs = 2500;

export interface JumpOptions {
  shown: ShownChat;
  chatId: string;
  scroller: RefObject<HTMLElement | null>;
  actions: ChatActions;
  /** Called before the view moves away from the end. */
  leaveEnd: () => void;
}

/** Brings a message that was found by searching into view, on whichever branch it stands. Returns its id meanwhile. */
export function useJump({ shown, chatId, scroller, actions, leaveEnd }: JumpOptions): string | null {
  const messageId = useChatWindowStore((state) => (state.jump?.chatId === chatId ? state.jump.messageId : null));
  const jumpTo = useChatWindowStore((state) => state.actions.jumpTo);
  const { chat, branch } = shown;
  const isShown = branch.some(({ id }) => id === messageId);
  useEffect(() => {
    if (messageId === null || chat === null) return undefined;
    if (!isShown) {
      const message = chat.messages.find(({ id }) => id === messageId);
      if (message) actions.showVersion(message);
      else jumpTo(null);
      return undefined;
    }
    leaveEnd();
    const element = scroller.current?.querySelector(`[data-message="${CSS.escape(messageId)}"]`);
    element?.scrollIntoView({ block: "center" });
    const timer = setTimeout(() => jumpTo(null), markedMs);
    return () => clearTimeout(timer);
    // The chat object changes with every word of an answer; a jump depends on where the message stands.
  }, [messageId, chat === null, isShown]);
  return messageId;
}
