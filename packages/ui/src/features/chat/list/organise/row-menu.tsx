import type { Chat } from "@deskside/contract";
import { useText } from "../../../../i18n/use-text.ts";
import { IconButton, Menu } from "../../../../primitives/index.ts";
import type { ChatRowActions } from "../rows/chat-row.tsx";

/** What can be done to a chat from the list. */
export function RowMenu(props: { chat: Chat; title: string; actions: ChatRowActions; onRename: () => void }) {
  const { t } = useText();
  const { chat, title, actions, onRename } = props;
  const pinned = chat.pinnedAt !== null;
  const archived = chat.archivedAt !== null;
  return (
    <Menu
      trigger={
        <IconButton
          icon="more"
          size="xs"
          className="row-menu"
          tabIndex={-1}
          label={t("chat.list.actions", { title })}
        />
      }
      align="end"
      returnFocus={false}
      items={[
        { label: t("chat.list.rename"), icon: "edit", shortcut: "F2", onSelect: onRename },
        {
          label: pinned ? t("chat.list.unpin") : t("chat.list.pin"),
          icon: "pin",
          onSelect: () => actions.organise([chat.id], { pinned: !pinned }),
        },
        { label: t("chat.list.move"), icon: "folder", onSelect: () => actions.ask("folder", chat) },
        { label: t("chat.list.tag"), icon: "tag", onSelect: () => actions.ask("tags", chat) },
        {
          label: archived ? t("chat.list.unarchive") : t("chat.list.archive"),
          icon: "archive",
          onSelect: () => actions.organise([chat.id], { archived: !archived }),
        },
        { divider: true },
        {
          label: t("chat.list.delete"),
          icon: "trash",
          danger: true,
          shortcut: "Delete",
          onSelect: () => actions.moveToTrash(chat),
        },
      ]}
    />
  );
}
