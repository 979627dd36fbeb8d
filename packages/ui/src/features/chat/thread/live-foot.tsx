import type { Message } from "@deskside/contract";
import { useEngineStore } from "../../../app/client-context.tsx";
import { selectLeadEngine } from "../../../app/state/engine-store.ts";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { Lamp } from "../../../primitives/index.ts";
import type { LiveGeneration } from "../state/generation-store.ts";
import { AnswerMeter } from "./answer-meter.tsx";

/** What the model is doing right now, and its figures so far. */
export function LiveFoot({ message, live }: { message: Message; live: LiveGeneration | null }) {
  const text = useText();
  const loading = useEngineStore(selectLeadEngine)?.model?.name ?? null;
  const phase = live?.phase ?? "queued";
  const wrote = live !== null && (phase === "answering" || phase === "reasoning");
  return (
    <div className="foot live">
      <Lamp state={phase === "loading" ? "loading" : "busy"} />
      <span className="ink2">
        {describePhase(live, live?.message.model?.name ?? message.model?.name ?? loading, text)}
      </span>
      {wrote && <AnswerMeter stats={live.stats} links={null} />}
    </div>
  );
}

function describePhase(live: LiveGeneration | null, model: string | null, { t, format }: Text): string {
  switch (live?.phase) {
    case undefined:
    case "queued":
      return t("chat.thread.queued");
    case "searching":
      return t("chat.thread.searching");
    case "checking":
      return t("chat.thread.checking");
    case "loading":
      if (model === null) return t("chat.thread.loadingAny");
      if (live.progress === null) return t("chat.thread.loadingModel", { model });
      return t("chat.thread.loadingModelAt", { model, percent: format.percent(live.progress) });
    case "reading": {
      const total = live.stats.promptTokens;
      if (live.progress === null || total <= 0) return t("chat.thread.reading");
      const done = Math.round(live.progress * total);
      return t("chat.thread.readingAt", { done: format.compact(done), total: format.compact(total) });
    }
    case "reasoning":
      return t("chat.thread.reasoning");
    case "answering":
      return t("chat.thread.answering");
  }
}
