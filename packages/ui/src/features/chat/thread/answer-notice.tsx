import type { Message } from "@deskside/contract";
import type { ReactNode } from "react";
import { useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useModelCommands } from "../../../app/data/use-models.ts";
import { describeError, type ErrorActionKind, errorDetails } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { copyText } from "../../../markdown/index.ts";
import { Banner, type BannerTone, Button } from "../../../primitives/index.ts";
import type { ChatActions } from "../hooks/use-chat-actions.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";

export interface AnswerNoticeProps {
  message: Message;
  /** The answer is the last of its branch and nothing is running: it can go on. */
  canContinue: boolean;
  actions: ChatActions;
}

/** Why an answer is not whole: what happened, what is kept, and what to do. Nothing for a whole one. */
export function AnswerNotice(props: AnswerNoticeProps) {
  const { status, finish, error } = props.message;
  if (status === "failed" && error) return <FailedNotice {...props} />;
  if (status === "failed" || finish === "interrupted") return <InterruptedNotice {...props} />;
  if (status === "stopped") return <StoppedNotice {...props} />;
  if (finish === "length") return <LengthNotice {...props} />;
  if (finish === "context") return <ContextNotice {...props} />;
  return null;
}

function Notice(props: { tone: BannerTone; title: string; body: string; children?: ReactNode }) {
  return (
    <Banner tone={props.tone} title={props.title}>
      {props.body}
      {props.children && <div className="row g8 wrap notice-acts">{props.children}</div>}
    </Banner>
  );
}

/** Goes on where the answer stopped, or begins again where it had not begun. */
function ContinueButton({ message, actions }: AnswerNoticeProps) {
  const { t } = useText();
  if (message.text === "" && message.reasoning === "") {
    return (
      <Button variant="primary" size="sm" icon="refresh" onClick={() => actions.regenerate(message)}>
        {t("chat.thread.tryAgain")}
      </Button>
    );
  }
  return (
    <Button variant="primary" size="sm" icon="play" onClick={() => actions.continueAnswer(message)}>
      {t("chat.thread.continue")}
    </Button>
  );
}

function FailedNotice(props: AnswerNoticeProps) {
  const { message, canContinue, actions } = props;
  const text = useText();
  const open = useNavigationStore((state) => state.actions.open);
  const openModels = useChatWindowStore((state) => state.actions.setModelMenuOpen);
  const { error } = message;
  if (!error) return null;
  const { title, body, action } = describeError(error, text);
  const run: Partial<Record<ErrorActionKind, () => void>> = {
    "choose-model": () => openModels(true),
    "new-chat": () => open({ section: "chat", id: null }),
    "open-library": () => open({ section: "library", id: null }),
    reload: () => actions.reload(message.chatId),
    "copy-details": () => void copyText(errorDetails(error)),
  };
  const act = action && run[action.kind];
  return (
    <Notice tone="danger" title={title} body={body}>
      {action?.kind === "restart-engine" && <RestartButton message={message} label={action.label} />}
      {canContinue && <ContinueButton {...props} />}
      {act && (
        <Button size="sm" onClick={act}>
          {action.label}
        </Button>
      )}
    </Notice>
  );
}

function RestartButton({ message, label }: { message: Message; label: string }) {
  const { t } = useText();
  const { load } = useModelCommands();
  const [asked, setAsked] = useState(false);
  const modelId = message.model?.id;
  if (modelId === undefined) return null;
  const restart = () => {
    setAsked(true);
    load(modelId, { onSettled: () => setAsked(false) });
  };
  return (
    <Button size="sm" icon="refresh" busy={asked && t("chat.thread.restarting")} onClick={restart}>
      {label}
    </Button>
  );
}

function InterruptedNotice(props: AnswerNoticeProps) {
  const { t } = useText();
  const count = props.message.stats?.outputTokens ?? 0;
  const kept = props.message.text !== "" || props.message.reasoning !== "";
  return (
    <Notice
      tone="warn"
      title={t("chat.thread.interrupted")}
      body={kept ? t("chat.thread.interruptedBody", { count }) : t("chat.thread.interruptedEmpty")}
    >
      {props.canContinue && <ContinueButton {...props} />}
    </Notice>
  );
}

function StoppedNotice(props: AnswerNoticeProps) {
  const { t } = useText();
  const count = props.message.stats?.outputTokens ?? 0;
  const body = count > 0 ? t("chat.thread.stoppedBody", { count }) : t("chat.thread.stoppedEmpty");
  return (
    <Notice tone="info" title={t("chat.thread.stopped")} body={body}>
      {props.canContinue && <ContinueButton {...props} />}
    </Notice>
  );
}

function LengthNotice(props: AnswerNoticeProps) {
  const { t } = useText();
  const count = props.message.stats?.outputTokens ?? 0;
  return (
    <Notice tone="info" title={t("chat.thread.length")} body={t("chat.thread.lengthBody", { count })}>
      {props.canContinue && <ContinueButton {...props} />}
    </Notice>
  );
}

function ContextNotice({ message }: AnswerNoticeProps) {
  const { t, format } = useText();
  const open = useNavigationStore((state) => state.actions.open);
  const { stats } = message;
  const size = stats ? stats.promptTokens + stats.outputTokens : 0;
  return (
    <Notice
      tone="warn"
      title={t("chat.thread.context")}
      body={size > 0 ? t("chat.thread.contextBody", { size: format.integer(size) }) : t("chat.thread.contextBodyPlain")}
    >
      <Button size="sm" icon="plus" onClick={() => open({ section: "chat", id: null })}>
        {t("chat.newChat")}
      </Button>
    </Notice>
  );
}
