import type { Message } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useText } from "../../../i18n/use-text.ts";
import { useCopy } from "../../../markdown/index.ts";
import { IconButton } from "../../../primitives/index.ts";
import { ExportMenu } from "../export/export-menu.tsx";
import type { ChatActions } from "../hooks/use-chat-actions.ts";
import type { Versions } from "../state/branches.ts";
import { AnswerMeter } from "./answer-meter.tsx";

export interface AnswerFootProps {
  message: Message;
  versions: Versions | null;
  /** No other answer is being written in this chat. */
  idle: boolean;
  /** Name the model: it is not the one that wrote the answer before. */
  nameModel: boolean;
  actions: ChatActions;
  onShowDetails: () => void;
}

/** Tools and figures below a finished answer. */
export function AnswerFoot({ message, versions, idle, nameModel, actions, onShowDetails }: AnswerFootProps) {
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
      {versions && <VersionSwitch versions={versions} disabled={!idle} onShow={actions.showVersion} />}
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

function VersionSwitch(props: { versions: Versions; disabled: boolean; onShow: (message: Message) => void }) {
  const { t } = useText();
  const { versions, disabled, onShow } = props;
  const { position, total, previous, next } = versions;
  return (
    <span className="branch" role="group" aria-label={t("chat.thread.branch", { position, total })}>
      <IconButton
        icon="chevron-left"
        size="xs"
        iconSize={12}
        label={t("chat.thread.previousBranch")}
        shortcut="Mod+["
        disabled={disabled || !previous}
        onClick={() => previous && onShow(previous)}
      />
      {position} / {total}
      <IconButton
        icon="chevron-right"
        size="xs"
        iconSize={12}
        label={t("chat.thread.nextBranch")}
        shortcut="Mod+]"
        disabled={disabled || !next}
        onClick={() => next && onShow(next)}
      />
    </span>
  );
}
