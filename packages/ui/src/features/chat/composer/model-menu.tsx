import type { InstalledModel, PromptCount } from "@deskside/contract";
import { newChatDraft } from "@deskside/contract";
import { useEffect } from "react";
import { useFit } from "../../../app/data/use-hardware.ts";
import { useChatModels } from "../../../app/data/use-models.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Icon, Popover } from "../../../primitives/index.ts";
import { GradeBadge } from "../../hardware/recommendation-table.tsx";
import { useChatActions } from "../hooks/use-chat-actions.ts";
import { ModelPicker } from "./model-picker.tsx";
import { useChatWindowStore } from "../state/use-chat-session.ts";

export interface ModelChoice {
  /** Null = chosen by language. */
  modelId: string | null;
  /** The model that would answer now; null while that is not known. */
  answering: InstalledModel | null;
  models: readonly InstalledModel[];
}

/** Which model a chat was told to use, and which one would answer what is typed. */
export function useModelChoice(input: {
  /** Null = by language. */
  modelId: string | null;
  count: PromptCount | null;
  /** Wrote the last answer. */
  lastModelId: string | null;
}): ModelChoice {
  const { modelId, count, lastModelId } = input;
  const models = useChatModels() ?? [];
  const answeringId = modelId ?? count?.modelId ?? lastModelId;
  return { modelId, answering: models.find(({ id }) => id === answeringId) ?? null, models };
}

export function ModelMenu({ chatId, choice }: { chatId: string | null; choice: ModelChoice }) {
  const { t } = useText();
  const open = useChatWindowStore((state) => state.modelMenuOpen);
  const setModelMenuOpen = useChatWindowStore((state) => state.actions.setModelMenuOpen);
  const choose = useChooseModel(chatId);
  const { modelId, answering, models } = choice;
  useEffect(() => () => setModelMenuOpen(false), [setModelMenuOpen]);
  const name = answering?.name ?? (models.length === 0 ? t("chat.composer.noModel") : t("chat.composer.automatic"));
  return (
    <Popover
      label={t("library.picker.title")}
      side="top"
      width={420}
      open={open}
      onOpenChange={setModelMenuOpen}
      trigger={
        <button type="button" className={open ? "tool is-open" : "tool"}>
          <Icon name="library" size={14} />
          <span className="sr">{t("chat.composer.model")}</span> <b className="clip">{name}</b>{" "}
          {modelId === null && answering !== null && (
            <span className="hide-sm">{t("chat.composer.automaticMeta")}</span>
          )}
          {answering !== null && <AnsweringFit modelId={answering.id} />}
          <Icon name="chevron-down" size={12} />
        </button>
      }
    >
      <ModelPicker modelId={modelId} models={models} onChoose={choose} onClose={() => setModelMenuOpen(false)} />
    </Popover>
  );
}

/** How the model that would answer fits here; nothing while that is not known. */
function AnsweringFit({ modelId }: { modelId: string }) {
  const { data } = useFit(modelId);
  return (
    data && (
      <span className="hide-sm">
        <GradeBadge grade={data.grade} />
      </span>
    )
  );
}

function useChooseModel(chatId: string | null): (next: string | null) => void {
  const { setNewChatModel, setCount } = useChatWindowStore((state) => state.actions);
  const { setModel } = useChatActions();
  return (next) => {
    // The count was another model's.
    setCount(chatId ?? newChatDraft, null);
    if (chatId === null) setNewChatModel(next);
    else setModel(chatId, next);
  };
}
