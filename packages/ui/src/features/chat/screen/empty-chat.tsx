import { newChatDraft } from "@deskside/contract";
import { useRef } from "react";
import { useQuery } from "@tanstack/react-query";
import { useClient, useEngineStore } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { useChatModels } from "../../../app/data/use-models.ts";
import { useSetting } from "../../../app/use-settings.ts";
import { selectLeadEngine } from "../../../app/state/engine-store.ts";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { Banner, Icon, type IconName } from "../../../primitives/index.ts";
import { FirstRun } from "../../hardware/first-run.tsx";
import { Composer, type ComposerHandle } from "../composer/composer.tsx";
import { useChatWindowStore } from "../state/use-chat-session.ts";

/** A chat that does not exist yet: what answers here, a field in the middle, and ways to start. */
export function EmptyChat({ onOpenChat }: { onOpenChat: (chatId: string) => void }) {
  const { t } = useText();
  const handle = useRef<ComposerHandle>(null);
  const small = useSmallModel();
  const first = useIsEmptyWorkspace();
  return (
    <div className="scroll empty-chat">
      <div className="col g24 empty-column">
        <div className="col g4 empty-title">
          <div className="t20 sb">{t("chat.empty.question")}</div>
          <div className="ink2">
            <AnsweringModel />
          </div>
        </div>
        <div className="empty-composer">
          <Composer
            chatId={null}
            chatModelId={null}
            leafId={null}
            lastModelId={null}
            running={null}
            onOpenChat={onOpenChat}
            handle={handle}
          />
        </div>
        {first && <FirstRun onStart={() => handle.current?.focus()} />}
        <Starts onFill={(text) => handle.current?.fill(text)} />
        {small !== null && <Banner tone="accent">{t("chat.empty.small", { model: small })}</Banner>}
      </div>
    </div>
  );
}

/** There is no chat: somebody looks at Deskside for the first time, or has cleared it. */
function useIsEmptyWorkspace(): boolean {
  const client = useClient();
  const { data: chats } = useQuery({
    queryKey: queryKeys.chatList,
    queryFn: ({ signal }) => client.chat.list(undefined, { signal }),
  });
  return chats?.length === 0;
}

/** Name of the small model that would answer here, or null. */
function useSmallModel(): string | null {
  const models = useChatModels();
  const chosen = useChatWindowStore((state) => state.newChatModelId ?? state.counts[newChatDraft]?.modelId ?? null);
  const lead = useEngineStore(selectLeadEngine)?.model ?? null;
  const preferred = useSetting("general.defaultModel");
  const model = models?.find(({ id }) => id === (chosen ?? preferred ?? lead?.id));
  // Whichever is chosen by language, it will be a small one.
  const any = models?.every(({ small }) => small) ? models[0] : undefined;
  return model ? (model.small ? model.name : null) : (any?.name ?? null);
}

/** Which model is loaded and how fast it was measured here; nothing that was not measured. */
function AnsweringModel() {
  const text = useText();
  const models = useChatModels();
  const engine = useEngineStore(selectLeadEngine);
  const preferred = useSetting("general.defaultModel");
  const chosen = useChatWindowStore((state) => state.newChatModelId) ?? preferred;
  const chosenName = models?.find(({ id }) => id === chosen)?.name ?? null;
  if (models !== null && models.length === 0) return text.t("chat.empty.noModel");
  if (chosenName !== null && engine?.model?.id !== chosen) return text.t("chat.empty.willLoad", { model: chosenName });
  if (engine?.model) return describeEngine(engine, engine.model.name, text);
  return models === null ? null : text.t("chat.empty.automatic");
}

function describeEngine(
  engine: { phase: string; progress: number | null; tokensPerSecond: number | null },
  model: string,
  { t, format }: Text,
): string {
  if (engine.phase === "loading") {
    return t("chat.empty.loading", { model, percent: format.percent(engine.progress ?? 0) });
  }
  if (engine.phase !== "ready" && engine.phase !== "answering") return t("chat.empty.willLoad", { model });
  if (engine.tokensPerSecond === null || engine.tokensPerSecond <= 0) return t("chat.empty.loaded", { model });
  return t("chat.empty.ready", { model, speed: format.speedFigure(engine.tokensPerSecond) });
}

const starts = [
  { key: "draft", icon: "edit" },
  { key: "code", icon: "code" },
  { key: "translate", icon: "lang" },
] as const satisfies readonly { key: string; icon: IconName }[];

/** Clicking one writes the beginning of a message; it sends nothing. */
function Starts({ onFill }: { onFill: (text: string) => void }) {
  const { t } = useText();
  return (
    <div className="starts" role="group" aria-label={t("chat.empty.starts")}>
      {starts.map(({ key, icon }) => (
        <button key={key} type="button" className="card start" onClick={() => onFill(t(`chat.empty.${key}Text`))}>
          <span className="acc">
            <Icon name={icon} />
          </span>
          <span className="med">{t(`chat.empty.${key}`)}</span>
          <span className="t12 ink3">{t(`chat.empty.${key}Hint`)}</span>
        </button>
      ))}
    </div>
  );
}
