import type { Message } from "@deskside/contract";
import { memo, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Markdown } from "../../../markdown/index.ts";
import { GroundedMarkdown } from "../grounding/grounded-markdown.tsx";
import { VerdictBadges } from "../grounding/verdict-badges.tsx";
import type { ChatActions } from "../hooks/use-chat-actions.ts";
import type { Versions } from "../state/branches.ts";
import { useLiveGeneration } from "../state/use-chat-session.ts";
import { AnswerFoot } from "./answer-foot.tsx";
import { AnswerNotice } from "./answer-notice.tsx";
import { AnswerReasoning } from "./answer-reasoning.tsx";
import { EditTurn } from "./edit-turn.tsx";
import { LiveFoot } from "./live-foot.tsx";

export interface AnswerTurnProps {
  message: Message;
  versions: Versions | null;
  isLeaf: boolean;
  /** No answer is being written in this chat. */
  idle: boolean;
  nameModel: boolean;
  showReasoning: boolean;
  actions: ChatActions;
  onShowDetails: (messageId: string) => void;
  onFork: (message: Message) => void;
}

export const AnswerTurn = memo(function AnswerTurn(props: AnswerTurnProps) {
  const { message, versions, isLeaf, idle, nameModel, showReasoning, actions, onShowDetails, onFork } = props;
  const { t } = useText();
  const [editing, setEditing] = useState(false);
  const running = message.status === "running";
  const live = useLiveGeneration(running ? message.generationId : null);
  const text = live?.text ?? message.text;
  const reasoning = live?.reasoning ?? message.reasoning;
  const stats = live?.stats ?? message.stats;
  const answering = running && text !== "" && live?.phase !== "loading" && live?.phase !== "queued";
  return (
    <article className="turn-ai" aria-label={t("chat.thread.answer")} aria-busy={running}>
      <h2 className="sr">{t("chat.thread.answer")}</h2>
      {reasoning !== "" && (
        <AnswerReasoning
          text={reasoning}
          thinking={running && live?.phase === "reasoning"}
          tokens={stats?.reasoningTokens ?? 0}
          durationMs={stats?.reasoningMs ?? null}
          showWhileThinking={showReasoning}
        />
      )}
      {editing && (
        <EditTurn
          text={message.text}
          label={t("chat.thread.editAnswer")}
          action={t("chat.thread.keep")}
          hint={t("chat.thread.editAnswerHint")}
          onKeep={(kept) => actions.editAnswer(message, kept)}
          onClose={() => setEditing(false)}
        />
      )}
      {text !== "" && !editing && (running || !message.grounding) && (
        <Markdown text={text} growing={running} caret={answering} />
      )}
      {text !== "" && !editing && !running && message.grounding && (
        <>
          <GroundedMarkdown message={message} grounding={message.grounding} />
          <VerdictBadges grounding={message.grounding} />
        </>
      )}
      {!running && <AnswerNotice message={message} canContinue={isLeaf && idle} actions={actions} />}
      {running ? (
        <LiveFoot message={message} live={live} />
      ) : (
        <AnswerFoot
          message={message}
          versions={versions}
          idle={idle}
          nameModel={nameModel}
          actions={actions}
          onShowDetails={() => onShowDetails(message.id)}
          onEdit={() => setEditing(true)}
          onFork={() => onFork(message)}
        />
      )}
    </article>
  );
});
