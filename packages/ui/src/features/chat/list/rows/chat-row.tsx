import type { Chat } from "@deskside/contract";
import { memo, useState } from "react";
import { formatRoute } from "../../../../app/routes.ts";
import { useText } from "../../../../i18n/use-text.ts";
import { classNames, Icon, Lamp } from "../../../../primitives/index.ts";
import type { OrganiseActions } from "../../hooks/use-folders.ts";
import { RowMenu } from "../organise/row-menu.tsx";
import { ChatTitleField } from "./chat-title-field.tsx";
import { Highlighted } from "./highlighted.tsx";

export interface ChatRowActions {
  /** With a message: shows it. */
  open(chatId: string, messageId?: string | null): void;
  rename(chatId: string, title: string): void;
  moveToTrash(chat: Chat): void;
  organise: OrganiseActions["organise"];
  /** Asks for the folder or the tags. */
  ask(what: "folder" | "tags", chat: Chat): void;
}

export interface ChatRowProps {
  chat: Chat;
  current: boolean;
  /** The row that Tab reaches; the arrow keys move it. */
  reachable: boolean;
  now: number;
  /** Words to mark in the title. */
  query: string;
  /** Text around a hit in a message. */
  snippet?: string | null;
  messageId?: string | null;
  /** Stands below a folder. */
  indented?: boolean;
  actions: ChatRowActions;
}

/** What a row that is dragged carries: the id of its chat. */
export const chatDragType = "application/x-deskside-chat";

export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { chat, current, actions } = props;
  const { t } = useText();
  const [renaming, setRenaming] = useState(false);
  const title = chat.title || t("chat.newChat");
  if (renaming) {
    return (
      <div className={classNames("li", current && "on")}>
        <ChatTitleField
          title={chat.title}
          onDone={(next) => {
            setRenaming(false);
            if (next !== null) actions.rename(chat.id, next);
          }}
        />
      </div>
    );
  }
  return (
    <div className="chat-row">
      <RowLink {...props} title={title} onRename={() => setRenaming(true)} />
      <RowMenu chat={chat} title={title} actions={actions} onRename={() => setRenaming(true)} />
    </div>
  );
});

function RowLink(props: ChatRowProps & { title: string; onRename: () => void }) {
  const { chat, current, reachable, now, query, snippet, messageId, indented, actions, title, onRename } = props;
  const { t, format } = useText();
  return (
    <a
      href={formatRoute({ section: "chat", id: chat.id })}
      className={classNames("li", current && "on", snippet && "two", indented && "indented")}
      aria-current={current ? "page" : undefined}
      tabIndex={reachable ? 0 : -1}
      data-chat-row={chat.id}
      title={title}
      onDragStart={(event) => {
        event.dataTransfer.setData(chatDragType, chat.id);
        event.dataTransfer.effectAllowed = "move";
      }}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        actions.open(chat.id, messageId ?? null);
      }}
      onKeyDown={(event) => {
        if (event.key !== "F2" && event.key !== "Delete") return;
        event.preventDefault();
        if (event.key === "F2") onRename();
        else actions.moveToTrash(chat);
      }}
    >
      <span className="row-title">
        {chat.pinnedAt !== null && <Icon name="pin" size={14} />}
        <span className="grow clip">
          <Highlighted text={title} query={query} />
        </span>
        {chat.running ? (
          <Lamp state="busy" label={t("chat.list.running")} />
        ) : (
          <span className="meta">{format.moment(chat.updatedAt, now)}</span>
        )}
      </span>
      {snippet && (
        <span className="snippet clip2">
          <Highlighted text={snippet.replace(/\s+/g, " ")} query={query} />
        </span>
      )}
    </a>
  );
}
