import { newChatDraft } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import "../chat.css";
import { useText } from "../../../i18n/use-text.ts";
import { type ShownChat, useChat } from "../hooks/use-chat.ts";
import { useChatWindowStore, useLiveGeneration } from "../state/use-chat-session.ts";
import { CitedPage } from "../cited-page/cited-page.tsx";
import { AnswerDetails } from "./answer-details.tsx";
import { AnswerProfile } from "./answer-profile.tsx";
import { ContextWindow } from "./context-window.tsx";
import { EngineParameters } from "./engine-parameters.tsx";
import { SourcesPane } from "./sources-pane.tsx";

/** The inspector pane of the chat section: the page of a citation while one is open, else the details of an answer. */
export function ChatInspector({ chatId }: { chatId: string | null }) {
  const shown = useChat(chatId);
  const page = useChatWindowStore((state) => state.page);
  const cited = page && shown.branch.find(({ id }) => id === page.messageId);
  const source = cited?.grounding?.sources.find(({ n }) => n === page?.source);
  if (page && cited?.grounding && source)
    return <CitedPage messageId={cited.id} grounding={cited.grounding} source={source} range={page.range} />;
  return <Details chatId={chatId} shown={shown} />;
}

/** The answer that was chosen, else the last one. */
function Details({ chatId, shown }: { chatId: string | null; shown: ShownChat }) {
  const { t } = useText();
  const { branch, running, chat } = shown;
  const { open } = useNavigationStore((state) => state.actions);
  const chatKey = chatId ?? newChatDraft;
  const selectedId = useChatWindowStore((state) => state.selected[chatKey]);
  const select = useChatWindowStore((state) => state.actions.select);
  const countedModel = useChatWindowStore((state) => state.counts[chatKey]?.modelId ?? null);
  const last = branch.findLast(({ role }) => role === "assistant") ?? null;
  const selected = branch.find(({ id }) => id === selectedId && id !== last?.id) ?? null;
  const message = selected ?? last;
  const live = useLiveGeneration(message?.status === "running" ? message.generationId : null);
  const modelId = live?.message.model?.id ?? message?.model?.id ?? countedModel;
  return (
    <>
      <div className="head">
        <h2 className="grow">{t("chat.inspector.details")}</h2>
      </div>
      <div className="scroll col g16 insp-body" tabIndex={0} role="region" aria-label={t("chat.inspector.details")}>
        {message?.grounding && message.status !== "running" && (
          <>
            <div className="label">{t("chat.grounding.sources")}</div>
            <SourcesPane message={message} grounding={message.grounding} />
            <hr />
          </>
        )}
        {message ? (
          <section className="col g8">
            <div className="row g8">
              <span className="label grow">{selected ? t("chat.inspector.selected") : t("chat.inspector.latest")}</span>
              {selected && (
                <button type="button" className="link t12" onClick={() => select(chatKey, null)}>
                  {t("chat.inspector.showLatest")}
                </button>
              )}
            </div>
            <AnswerDetails message={message} live={live} />
            {message.stats && <AnswerProfile stats={message.stats} />}
            {message.stats && (
              <div>
                <button type="button" className="link t12" onClick={() => open({ section: "monitor", id: message.id })}>
                  {t("chat.inspector.openMonitor")}
                </button>
              </div>
            )}
          </section>
        ) : (
          <p className="t12 ink3">{t("chat.inspector.none")}</p>
        )}
        <hr />
        <ContextWindow chatId={chatId} leafId={chat?.leafId ?? null} running={running !== null} />
        <hr />
        <section className="col g8">
          <div className="label">{t("chat.inspector.parameters")}</div>
          <EngineParameters modelId={modelId} />
        </section>
      </div>
    </>
  );
}
