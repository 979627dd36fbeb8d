import type { Message } from "@deskside/contract";
import { type ReactNode, useCallback } from "react";
import { useLayoutStore, useNavigationStore } from "../../../app/client-context.tsx";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { useSetting } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button } from "../../../primitives/index.ts";
import type { ShownChat } from "../hooks/use-chat.ts";
import { type ChatActions, useChatActions } from "../hooks/use-chat-actions.ts";
import { useFollowEnd } from "../hooks/use-follow-end.ts";
import { useJump } from "../hooks/use-jump.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import { AnswerTurn } from "./answer-turn.tsx";
import { FinishedAnnouncer } from "./finished-announcer.tsx";
import { UserTurn } from "./user-turn.tsx";
import { turnClass, virtualFrom, VirtualTurns } from "./virtual-turns.tsx";

export interface ThreadProps {
  shown: ShownChat;
  chatId: string;
  /** Stands below the conversation. */
  children: ReactNode;
}

/** The conversation that is shown. It opens at its end and follows it until the reader scrolls up. */
export function Thread({ shown, chatId, children }: ThreadProps) {
  const { t } = useText();
  const { branch, running } = shown;
  const ownTurns = branch.filter(({ role }) => role === "user").length;
  const { scroller, content, following, toEnd, leaveEnd, onLayoutScroll } = useFollowEnd(`${chatId}/${ownTurns}`);
  const actions = useChatActions();
  const renderTurn = useRenderTurn(shown, chatId, actions);
  const found = useJump({ shown, chatId, scroller, actions, leaveEnd });
  return (
    <>
      <div className="scroll thread-scroll" ref={scroller} tabIndex={0}>
        <div
          className="thread"
          ref={content}
          role="log"
          aria-live="off"
          aria-label={t("chat.thread.label")}
          aria-busy={running !== null}
        >
          {branch.length > virtualFrom ? (
            <VirtualTurns {...{ branch, scroller, renderTurn, found, onLayoutScroll }} />
          ) : (
            branch.map((message, index) => (
              <div key={message.id} data-message={message.id} className={turnClass(message, found)}>
                {renderTurn(message, index)}
              </div>
            ))
          )}
        </div>
      </div>
      <div className="chat-bottom">
        {!following && (
          <div className="jump">
            <Button size="sm" icon="chevron-down" onClick={toEnd}>
              {t("chat.thread.jump")}
            </Button>
          </div>
        )}
        {children}
      </div>
      <FinishedAnnouncer chatId={chatId} />
    </>
  );
}

function useRenderTurn({ chat, branch, versions, running }: ShownChat, chatId: string, actions: ChatActions) {
  const onFork = useFork(actions, chat?.title ?? "");
  const showReasoning = useSetting("general.showReasoning");
  const onShowDetails = useShowDetails(chatId);
  return (message: Message, index: number): ReactNode => {
    if (message.role === "user")
      return (
        <UserTurn
          message={message}
          versions={versions.get(message.id) ?? null}
          idle={running === null}
          actions={actions}
        />
      );
    return (
      <AnswerTurn
        message={message}
        versions={versions.get(message.id) ?? null}
        isLeaf={index === branch.length - 1}
        idle={running === null}
        nameModel={message.model?.id !== modelBefore(branch, index)}
        showReasoning={showReasoning}
        actions={actions}
        onShowDetails={onShowDetails}
        onFork={onFork}
      />
    );
  };
}

/** Opens the new chat and says where it came from. */
function useFork(actions: ChatActions, title: string): (message: Message) => void {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const showError = useErrorToast();
  return useCallback(
    (message: Message) => {
      const name = t("chat.thread.forkTitle", { title: title || t("chat.newChat") });
      actions.fork(message, name.slice(0, 200)).then(
        (id) => open({ section: "chat", id }),
        (error: unknown) => showError(error),
      );
    },
    [actions, title, t, open, showError],
  );
}

/** Narrower than this, in pixels, the inspector lies over the content. */
const overlayBelow = 1200;

/** Opens the inspector on an answer. */
function useShowDetails(chatId: string): (messageId: string) => void {
  const select = useChatWindowStore((state) => state.actions.select);
  const { setOpen, setOverlay } = useLayoutStore((state) => state.actions);
  return useCallback(
    (messageId: string) => {
      select(chatId, messageId);
      setOpen("chat", "inspector", true);
      if (window.innerWidth < overlayBelow) setOverlay("inspector");
    },
    [chatId, select, setOpen, setOverlay],
  );
}

function modelBefore(branch: readonly Message[], index: number): string | undefined {
  for (let at = index - 1; at >= 0; at--) {
    const message = branch[at];
    if (message?.role === "assistant") return message.model?.id;
  }
  return undefined;
}
