import type { Chat } from "@deskside/contract";
import { useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { copyText } from "../../../markdown/index.ts";
import { IconButton, Menu, toast } from "../../../primitives/index.ts";
import type { ShownChat } from "../hooks/use-chat.ts";
import { useChatListActions } from "../hooks/use-chat-list-actions.ts";
import { ChatTitleField } from "../list/rows/chat-title-field.tsx";
import { branchAsMarkdown } from "../state/branches.ts";

export interface ChatHeaderProps {
  shown: ShownChat;
  onOpenChat: (chatId: string | null) => void;
}

/** Title of the chat that is shown, with what can be done to it. */
export function ChatHeader({ shown, onOpenChat }: ChatHeaderProps) {
  const { t } = useText();
  const { chat } = shown;
  const [renaming, setRenaming] = useState(false);
  const { rename } = useChatListActions();
  if (!chat) {
    return (
      <div className="head">
        <h1>{t("chat.newChat")}</h1>
      </div>
    );
  }
  return (
    <div className="head">
      {renaming ? (
        <ChatTitleField
          title={chat.title}
          onDone={(title) => {
            setRenaming(false);
            if (title !== null) rename(chat.id, title);
          }}
        />
      ) : (
        <h1 className="clip" title={chat.title}>
          {chat.title || t("chat.newChat")}
        </h1>
      )}
      <span className="grow" />
      <HeaderMenu chat={chat} shown={shown} onRename={() => setRenaming(true)} onOpenChat={onOpenChat} />
    </div>
  );
}

function HeaderMenu(props: { chat: Chat; onRename: () => void } & ChatHeaderProps) {
  const { t } = useText();
  const { chat, shown, onRename, onOpenChat } = props;
  const { moveToTrash } = useChatListActions();
  const copyAll = async () => {
    const names = { you: t("chat.thread.you"), answer: t("chat.thread.answer") };
    const ok = await copyText(branchAsMarkdown(shown.branch, names));
    toast(ok ? { tone: "ok", text: t("chat.copied") } : { tone: "warn", text: t("chat.copyFailed") });
  };
  return (
    <Menu
      trigger={<IconButton icon="more" label={t("chat.header.more")} />}
      align="end"
      returnFocus={false}
      items={[
        { label: t("chat.list.rename"), icon: "edit", onSelect: onRename },
        { label: t("chat.header.copyAll"), icon: "copy", onSelect: () => void copyAll() },
        { divider: true },
        {
          label: t("chat.list.delete"),
          icon: "trash",
          danger: true,
          onSelect: () => {
            moveToTrash(chat);
            onOpenChat(null);
          },
        },
      ]}
    />
  );
}
