import type { Message } from "@deskside/contract";
import { newChatDraft } from "@deskside/contract";
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { useSetting } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { displayKeys } from "../../../keyboard/key-combo.ts";
import { classNames, Icon, Tooltip } from "../../../primitives/index.ts";
import { useChatActions } from "../hooks/use-chat-actions.ts";
import { useDraft } from "../hooks/use-draft.ts";
import { usePromptCount } from "../hooks/use-prompt-count.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import { ComposerNotices, QueuedMessage } from "./composer-notices.tsx";
import { ModelMenu, useModelChoice } from "./model-menu.tsx";
import { isSendKey } from "./send-key.ts";
import { SmallModelNote } from "./small-model-note.tsx";
import { TokenCounter } from "./token-counter.tsx";
import { useSend } from "./use-send.ts";

export interface ComposerHandle {
  /** Puts text in the field, the cursor behind it, and the focus on it. */
  fill(text: string): void;
}

export interface ComposerProps {
  /** Null = a chat that does not exist yet. */
  chatId: string | null;
  chatModelId: string | null;
  leafId: string | null;
  /** Wrote the last answer, or writes it. */
  lastModelId: string | null;
  running: Message | null;
  onOpenChat: (chatId: string) => void;
  handle?: RefObject<ComposerHandle | null>;
}

export function Composer({ chatId, chatModelId, leafId, lastModelId, running, onOpenChat, handle }: ComposerProps) {
  const { t } = useText();
  const draft = useDraft(chatId ?? newChatDraft);
  const busy = running !== null;
  const forNewChat = useChatWindowStore((state) => state.newChatModelId);
  const count = usePromptCount({
    chatId,
    text: draft.text,
    modelId: chatId === null ? forNewChat : null,
    leafId: `${leafId}/${chatModelId}`,
    paused: busy,
  });
  const choice = useModelChoice({ modelId: chatId === null ? forNewChat : chatModelId, count, lastModelId });
  const { send, canSend, tooLarge } = useSend({ chatId, modelId: choice.modelId, draft, count, busy, onOpenChat });
  const { stop } = useChatActions();
  const sendKey = useSetting("general.sendKey");
  const field = useRef<HTMLTextAreaElement>(null);
  const [focused, setFocused] = useState(false);
  useGrowingField(field, draft.text);
  useFocusOnOpen(field);

  const fill = (text: string) => {
    draft.setText(text);
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(text.length, text.length));
  };
  useImperativeHandle(handle, () => ({ fill }));
  const enterKey = displayKeys(sendKey === "enter" ? "Enter" : "Mod+Enter").join(" ");
  const placeholder = busy
    ? t("chat.composer.typeAhead", { key: enterKey })
    : t(chatId === null ? "chat.composer.first" : "chat.composer.followUp");

  return (
    <div className="composer-wrap">
      <div className="composer-notices">
        <ComposerNotices
          chatId={chatId}
          count={count}
          tooLarge={tooLarge}
          busy={busy}
          modelName={choice.answering?.name ?? ""}
        />
        {!draft.saved && (
          <div className="t12 warn" role="status">
            {t("chat.composer.draftFailed")}
          </div>
        )}
        {chatId !== null && (
          <QueuedMessage
            chatId={chatId}
            busy={busy}
            onTakeBack={(text) => fill([text, draft.text].filter(Boolean).join("\n\n"))}
          />
        )}
      </div>
      <div className={classNames("composer", focused && "is-focus")}>
        <textarea
          ref={field}
          className="txt"
          rows={1}
          value={draft.text}
          placeholder={placeholder}
          aria-label={t("chat.composer.label")}
          onChange={(event) => draft.setText(event.target.value)}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            draft.flush();
          }}
          onKeyDown={(event) => {
            if (!isSendKey({ ...keyOf(event), isComposing: event.nativeEvent.isComposing }, sendKey)) return;
            event.preventDefault();
            send();
          }}
        />
        <div className="bar2">
          <ModelMenu chatId={chatId} choice={choice} />
          <TokenCounter count={count} />
          {busy && running ? (
            <StopButton onStop={() => stop(running)} />
          ) : (
            <SendButton enabled={canSend} shortcut={sendKey === "enter" ? "Enter" : "Mod+Enter"} onSend={send} />
          )}
        </div>
      </div>
      {chatId !== null && <SmallModelNote model={choice.answering} />}
    </div>
  );
}

function keyOf(event: React.KeyboardEvent) {
  const { key, shiftKey, ctrlKey, metaKey, altKey, keyCode } = event;
  return { key, shiftKey, ctrlKey, metaKey, altKey, keyCode };
}

function SendButton({ enabled, shortcut, onSend }: { enabled: boolean; shortcut: string; onSend: () => void }) {
  const { t } = useText();
  return (
    <Tooltip text={t("chat.composer.send")} shortcut={shortcut} side="top">
      <button
        type="button"
        className={enabled ? "send" : "send off"}
        aria-label={t("chat.composer.send")}
        aria-disabled={!enabled}
        onClick={onSend}
      >
        <Icon name="arrow-up" />
      </button>
    </Tooltip>
  );
}

function StopButton({ onStop }: { onStop: () => void }) {
  const { t } = useText();
  return (
    <Tooltip text={t("chat.composer.stop")} shortcut="Escape" side="top">
      <button type="button" className="send stop" aria-label={t("chat.composer.stop")} onClick={onStop}>
        <Icon name="stop" filled />
      </button>
    </Tooltip>
  );
}

/** As high as its text, up to two fifths of the pane; from there it scrolls. */
function useGrowingField(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    const pane = element.closest(".main")?.clientHeight ?? window.innerHeight;
    const most = Math.max(66, Math.round(pane * 0.4));
    element.style.height = "auto";
    // Measuring a megabyte takes longer than knowing that it is too high.
    const wanted = text.length > 20_000 ? most : element.scrollHeight;
    element.style.height = `${Math.min(most, wanted)}px`;
    element.style.overflowY = wanted > most || text.length > 20_000 ? "auto" : "hidden";
  }, [field, text]);
}

/** A chat opens ready to type, unless the keyboard is in use elsewhere. */
function useFocusOnOpen(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const active = document.activeElement;
    if (active === null || active === document.body) field.current?.focus({ preventScroll: true });
  }, [field]);
}
