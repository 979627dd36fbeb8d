import { utf8Length } from "@deskside/base";
import type { Message } from "@deskside/contract";
import { memo, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { languageTag, useCopy } from "../../../markdown/index.ts";
import { IconButton } from "../../../primitives/index.ts";
import type { ChatActions } from "../hooks/use-chat-actions.ts";
import type { Versions } from "../state/branches.ts";
import { EditTurn } from "./edit-turn.tsx";
import { VersionSwitch } from "./version-switch.tsx";

/** Longer turns are folded: a pasted file must not push the answer out of reach. */
const foldedLength = 2_400;

export interface UserTurnProps {
  message: Message;
  versions: Versions | null;
  /** No answer is being written in this chat. */
  idle: boolean;
  actions: ChatActions;
}

/** What the user wrote, as they wrote it. */
export const UserTurn = memo(function UserTurn({ message, versions, idle, actions }: UserTurnProps) {
  const { t } = useText();
  const [editing, setEditing] = useState(false);
  if (editing)
    return (
      <article className="turn-user editing" aria-label={t("chat.thread.you")}>
        <EditTurn
          text={message.text}
          label={t("chat.thread.editQuestion")}
          action={t("chat.thread.ask")}
          hint={t("chat.thread.editQuestionHint")}
          onKeep={(text) => actions.editQuestion(message, text)}
          onClose={() => setEditing(false)}
        />
      </article>
    );
  return (
    <>
      <div className="own-row">
        <TurnTools message={message} idle={idle} onEdit={() => setEditing(true)} />
        <article className="turn-user" aria-label={t("chat.thread.you")}>
          <UserText message={message} />
        </article>
      </div>
      {versions && (
        <div className="foot own-foot">
          <VersionSwitch versions={versions} disabled={!idle} onShow={actions.showVersion} />
        </div>
      )}
    </>
  );
});

function TurnTools({ message, idle, onEdit }: { message: Message; idle: boolean; onEdit: () => void }) {
  const { t } = useText();
  const { state, copy } = useCopy();
  return (
    <span className="turn-tools">
      <IconButton
        icon={state === "copied" ? "check" : "copy"}
        size="xs"
        label={state === "copied" ? t("chat.copied") : state === "failed" ? t("chat.copyFailed") : t("chat.copy")}
        onClick={() => copy(message.text)}
      />
      {idle && <IconButton icon="edit" size="xs" label={t("chat.thread.edit")} onClick={onEdit} />}
    </span>
  );
}

function UserText({ message }: { message: Message }) {
  const { t, format } = useText();
  const [whole, setWhole] = useState(false);
  const long = message.text.length > foldedLength;
  return (
    <>
      <div className="user-text" lang={languageTag(message.text)}>
        {long && !whole ? `${message.text.slice(0, foldedLength)}…` : message.text}
      </div>
      {long && (
        <button type="button" className="link t12" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole
            ? t("chat.thread.showLess")
            : t("chat.thread.showAll", { size: format.fileSize(utf8Length(message.text)) })}
        </button>
      )}
    </>
  );
}
