import type { Message } from "@deskside/contract";
import { newChatDraft } from "@deskside/contract";
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { useChatActions } from "../hooks/use-chat-actions.ts";
import { useDraft } from "../hooks/use-draft.ts";
import { usePromptCount } from "../hooks/use-prompt-count.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import { Attachments, DocumentTools } from "./documents/attachments.tsx";
import { ComposerField } from "./composer-field.tsx";
import { ComposerNotices, QueuedMessage } from "./composer-notices.tsx";
import { ModelMenu, useModelChoice } from "./model-menu.tsx";
import { SendButton, StopButton } from "./send-buttons.tsx";
import { SmallModelNote } from "./small-model-note.tsx";
import { SteeringMenu } from "./steering/steering-menu.tsx";
import { useSteering } from "./steering/use-steering.ts";
import { TokenCounter } from "./token-counter.tsx";
import { useSend } from "./use-send.ts";

export interface ComposerHandle {
  /** Puts text in the field, the cursor behind it, and the focus on it. */
  fill(text: string): void;
  focus(): void;
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

export function Composer(props: ComposerProps) {
  const { chatId, chatModelId, leafId, lastModelId, running, onOpenChat, handle } = props;
  const draft = useDraft(chatId ?? newChatDraft);
  const busy = running !== null;
  const newChatModelId = useChatWindowStore((state) => state.newChatModelId);
  const { steering } = useSteering(chatId);
  const modelId = chatId === null ? newChatModelId : chatModelId;
  const count = usePromptCount({
    ...{ chatId, text: draft.text, modelId, leafId, paused: busy },
    revised: steering?.instructions,
  });
  const choice = useModelChoice({ modelId, count, lastModelId });
  const { send, canSend, tooLarge } = useSend({ chatId, modelId, draft, count, busy, onOpenChat });
  const { stop } = useChatActions();
  const [refusedPaste, setRefusedPaste] = useState<number | null>(null);
  useEffect(() => setRefusedPaste(null), [draft.text]);
  const field = useRef<HTMLTextAreaElement>(null);
  const fill = (text: string) => {
    draft.setText(text);
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(text.length, text.length));
  };
  useImperativeHandle(handle, () => ({ fill, focus: () => field.current?.focus() }));
  const takeBack = (text: string) => fill([text, draft.text].filter(Boolean).join("\n\n"));
  return (
    <div className="composer-wrap">
      <div className="composer-notices">
        <ComposerNotices
          chatId={chatId}
          count={count}
          tooLarge={tooLarge}
          refusedPaste={refusedPaste}
          busy={busy}
          modelName={choice.answering?.name ?? ""}
        />
        {!draft.saved && <DraftFailed />}
        {chatId !== null && <QueuedMessage chatId={chatId} busy={busy} onTakeBack={takeBack} />}
      </div>
      <Attachments chatId={chatId} />
      <div className="composer">
        <ComposerField
          draft={draft}
          isNew={chatId === null}
          busy={busy}
          onSend={send}
          onRefusePaste={setRefusedPaste}
          field={field}
        />
        <div className="bar2">
          <DocumentTools chatId={chatId} />
          <ModelMenu chatId={chatId} choice={choice} />
          <SteeringMenu chatId={chatId} modelId={choice.answering?.id ?? null} />
          <TokenCounter count={count} />
          {running ? <StopButton onStop={() => stop(running)} /> : <SendButton enabled={canSend} onSend={send} />}
        </div>
      </div>
      {chatId !== null && <SmallModelNote model={choice.answering} />}
    </div>
  );
}

function DraftFailed() {
  const { t } = useText();
  return (
    <div className="t12 warn" role="status">
      {t("chat.composer.draftFailed")}
    </div>
  );
}
