import type { Message } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useText } from "../../../i18n/use-text.ts";
import { useCopy } from "../../../markdown/index.ts";
import { IconButton, Menu } from "../../../primitives/index.ts";
import { ExportMenu } from "../export/export-menu.tsx";
import type { ChatActions } from "../hooks/use-chat-actions.ts";
import type { Versions } from "../state/branches.ts";
import { AnswerMeter } from "./answer-meter.tsx";
import { VersionSwitch } from "./version-switch.tsx";

export interface AnswerFootProps {
  message: Message;
  versions: Versions | null;
  /** No other answer is being written in this chat. */
  idle: boolean;
  /** Name the model: it is not the one that wrote the answer before. */
  nameModel: boolean;
  actions: ChatActions;
  onShowDetails: () => void;
  onEdit: () => void;
  /** Goes on from here in a chat of its own. */
  onFork: () => void;
}

/** Tools and figures below a finished answer. */
export function AnswerFoot(props: AnswerFootProps) {
  const { message, versions, idle, nameModel, actions, onShowDetails, onEdit, onFork } = props;
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { state, copy } = useCopy();
  const copyLabel = state === "copied" ? t("chat.copied") : state === "failed" ? t("chat.copyFailed") : t("chat.copy");
  return (
    <div className="foot">
      {message.text !== "" && (
        <IconButton
          icon={state === "copied" ? "check" : "copy"}
          size="xs"
          label={copyLabel}
          onClick={() => copy(message.text)}
        />
      )}
      {message.grounding && message.text !== "" && <ExportMenu message={message} grounding={message.grounding} />}
      {idle && (
        <IconButton
          icon="refresh"
          size="xs"
          label={t("chat.thread.regenerate")}
          onClick={() => actions.regenerate(message)}
        />
      )}
      {idle && message.text !== "" && (
        <IconButton icon="edit" size="xs" label={t("chat.thread.edit")} onClick={onEdit} />
      )}
      {versions && <VersionSwitch versions={versions} disabled={!idle} withKeys onShow={actions.showVersion} />}
      <Menu
        trigger={<IconButton icon="more" size="xs" label={t("chat.thread.moreActions")} />}
        items={[{ label: t("chat.thread.fork"), icon: "fork", onSelect: onFork }]}
      />
      {message.origin && <span className="foot-model">{t(`chat.thread.origin.${message.origin}`)}</span>}
      {nameModel && message.model && (
        <span className="foot-model clip" title={t("chat.thread.answeredBy", { model: message.model.name })}>
          {message.model.name}
        </span>
      )}
      {message.stats && (
        <AnswerMeter
          stats={message.stats}
          links={{ onShowDetails, onShowMoment: () => open({ section: "monitor", id: message.id }) }}
        />
      )}
    </div>
  );
}
