import type { Message, MessageStats } from "@deskside/contract";
import type { ReactNode } from "react";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { unknown } from "../../../format/formats.ts";
import type { LiveGeneration } from "../state/generation-store.ts";

/** The figures of one answer, as they were measured; a dash where nothing was. */
export function AnswerDetails({ message, live }: { message: Message; live: LiveGeneration | null }) {
  const text = useText();
  const { t, format } = text;
  const stats = live?.stats ?? message.stats;
  const model = live?.message.model ?? message.model;
  return (
    <dl className="kv t12">
      <Entry label={t("chat.inspector.model")}>{model?.name ?? unknown}</Entry>
      {model?.quantization && (
        <Entry label={t("chat.inspector.quantization")}>
          <span className="mono">{model.quantization}</span>
        </Entry>
      )}
      <Entry label={t("chat.inspector.status")}>{statusWord(message, text)}</Entry>
      {message.finish && <Entry label={t("chat.inspector.finish")}>{finishWord(message.finish, text)}</Entry>}
      {stats && <StatsEntries stats={stats} text={text} />}
      <Entry label={t("chat.inspector.written")}>{format.dateTime(message.createdAt)}</Entry>
    </dl>
  );
}

function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function StatsEntries({ stats, text: { t, format } }: { stats: MessageStats; text: Text }) {
  const duration = (ms: number | null) => (ms === null ? unknown : format.duration(ms));
  return (
    <>
      <Entry label={t("chat.inspector.promptTokens")}>{format.integer(stats.promptTokens)}</Entry>
      {stats.cachedTokens > 0 && (
        <Entry label={t("chat.inspector.cachedTokens")}>{format.integer(stats.cachedTokens)}</Entry>
      )}
      <Entry label={t("chat.inspector.outputTokens")}>{format.integer(stats.outputTokens)}</Entry>
      {stats.reasoningTokens > 0 && (
        <Entry label={t("chat.inspector.reasoningTokens")}>{format.integer(stats.reasoningTokens)}</Entry>
      )}
      {stats.draftTokens !== undefined && stats.draftTokens > 0 && (
        <Entry label={t("library.modelSettings.draftShare")}>
          {t("library.modelSettings.draftShareOf", {
            share: format.percent((stats.draftAcceptedTokens ?? 0) / stats.draftTokens),
            proposed: format.integer(stats.draftTokens),
          })}
        </Entry>
      )}
      <Entry label={t("chat.inspector.speed")}>{format.speed(stats.tokensPerSecond)}</Entry>
      <Entry label={t("chat.inspector.firstToken")}>{duration(stats.firstTokenMs)}</Entry>
      {stats.reasoningMs !== null && (
        <Entry label={t("chat.inspector.reasoningTime")}>{duration(stats.reasoningMs)}</Entry>
      )}
      <Entry label={t("chat.inspector.totalTime")}>{duration(stats.totalMs)}</Entry>
    </>
  );
}

function statusWord({ status }: Message, { t }: Text): string {
  const words = {
    running: t("chat.inspector.statusRunning"),
    complete: t("chat.inspector.statusComplete"),
    stopped: t("chat.inspector.statusStopped"),
    failed: t("chat.inspector.statusFailed"),
  };
  return words[status];
}

function finishWord(finish: NonNullable<Message["finish"]>, { t }: Text): string {
  const words = {
    end: t("chat.inspector.finishEnd"),
    length: t("chat.inspector.finishLength"),
    context: t("chat.inspector.finishContext"),
    "stop-text": t("chat.inspector.finishStopText"),
    user: t("chat.inspector.finishUser"),
    interrupted: t("chat.inspector.finishInterrupted"),
    error: t("chat.inspector.finishError"),
  };
  return words[finish];
}
