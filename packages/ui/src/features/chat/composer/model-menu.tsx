import type { InstalledModel, PromptCount } from "@deskside/contract";
import { newChatDraft } from "@deskside/contract";
import { useEffect } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useChatModels } from "../../../app/data/use-models.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Icon, Menu, type MenuEntry } from "../../../primitives/index.ts";
import { useChatActions } from "../hooks/use-chat-actions.ts";
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
  const items = useModelItems(chatId, choice);
  const { modelId, answering, models } = choice;
  useEffect(() => () => setModelMenuOpen(false), [setModelMenuOpen]);
  const name = answering?.name ?? (models.length === 0 ? t("chat.composer.noModel") : t("chat.composer.automatic"));
  return (
    <Menu
      trigger={
        <button type="button" className={open ? "tool is-open" : "tool"}>
          <Icon name="library" size={14} />
          <span className="sr">{t("chat.composer.model")}</span> <b className="clip">{name}</b>{" "}
          {modelId === null && answering !== null && (
            <span className="hide-sm">{t("chat.composer.automaticMeta")}</span>
          )}
          <Icon name="chevron-down" size={12} />
        </button>
      }
      items={items}
      side="top"
      width={340}
      open={open}
      onOpenChange={setModelMenuOpen}
    />
  );
}

function useModelItems(chatId: string | null, { modelId, models }: ModelChoice): MenuEntry[] {
  const { t } = useText();
  const { setNewChatModel, setCount } = useChatWindowStore((state) => state.actions);
  const navigate = useNavigationStore((state) => state.actions.open);
  const { setModel } = useChatActions();
  const choose = (next: string | null) => {
    // The count was another model's.
    setCount(chatId ?? newChatDraft, null);
    if (chatId === null) setNewChatModel(next);
    else setModel(chatId, next);
  };
  const modelMeta = ({ problem, quantization, small }: InstalledModel) =>
    problem
      ? t("chat.composer.modelUnusable")
      : [quantization, small ? t("chat.composer.modelSmall") : null].filter(Boolean).join(" · ");
  return [
    {
      label: t("chat.composer.automatic"),
      meta: t("chat.composer.automaticMeta"),
      checked: modelId === null,
      onSelect: () => choose(null),
    },
    ...(models.length > 0 ? [{ divider: true } as const] : []),
    ...models.map((model) => ({
      label: model.name,
      meta: modelMeta(model),
      checked: model.id === modelId,
      disabled: model.problem !== null,
      onSelect: () => choose(model.id),
    })),
    { divider: true },
    {
      label: t("chat.composer.moreModels"),
      icon: "library",
      onSelect: () => navigate({ section: "library", id: null }),
    },
  ];
}
