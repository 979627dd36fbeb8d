import type { Folder } from "@deskside/contract";
import { useState } from "react";
import { useText } from "../../../../i18n/use-text.ts";
import { classNames, Icon, IconButton, Menu } from "../../../../primitives/index.ts";
import type { OrganiseActions } from "../../hooks/use-folders.ts";
import { chatDragType } from "../rows/chat-row.tsx";
import { ChatTitleField } from "../rows/chat-title-field.tsx";

export interface FolderRowProps {
  folder: Folder;
  /** Chats in it. */
  count: number;
  open: boolean;
  /** The row that Tab reaches. */
  reachable: boolean;
  actions: OrganiseActions;
  onToggle: () => void;
}

/** A folder in the list; a chat that is dropped on it moves there. */
export function FolderRow(props: FolderRowProps) {
  const { folder, actions } = props;
  const { t } = useText();
  const [renaming, setRenaming] = useState(false);
  const rename = () => setRenaming(true);
  if (renaming)
    return (
      <div className="li">
        <ChatTitleField
          title={folder.name}
          label={t("chat.list.folderName")}
          onDone={(name) => {
            setRenaming(false);
            if (name !== null) actions.renameFolder(folder.id, name);
          }}
        />
      </div>
    );
  return (
    <div className="chat-row">
      <FolderButton {...props} onRename={rename} />
      <Menu
        trigger={
          <IconButton
            icon="more"
            size="xs"
            className="row-menu"
            tabIndex={-1}
            label={t("chat.list.actions", { title: folder.name })}
          />
        }
        align="end"
        returnFocus={false}
        items={[
          { label: t("chat.list.rename"), icon: "edit", shortcut: "F2", onSelect: rename },
          { label: t("chat.list.removeFolder"), icon: "trash", onSelect: () => actions.removeFolder(folder.id) },
        ]}
      />
    </div>
  );
}

function FolderButton(props: FolderRowProps & { onRename: () => void }) {
  const { folder, count, open, reachable, actions, onToggle, onRename } = props;
  const { format } = useText();
  const [aimed, setAimed] = useState(false);
  return (
    <button
      type="button"
      className={classNames("li", aimed && "aimed")}
      aria-expanded={open}
      tabIndex={reachable ? 0 : -1}
      data-chat-row={`folder:${folder.id}`}
      title={folder.name}
      onClick={onToggle}
      onKeyDown={(event) => {
        if (event.key === "F2") onRename();
        else if (event.key === "ArrowRight" ? !open : event.key === "ArrowLeft" && open) onToggle();
        else return;
        event.preventDefault();
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(chatDragType)) return;
        event.preventDefault();
        setAimed(true);
      }}
      onDragLeave={() => setAimed(false)}
      onDrop={(event) => {
        event.preventDefault();
        setAimed(false);
        const chatId = event.dataTransfer.getData(chatDragType);
        if (chatId !== "") actions.organise([chatId], { folderId: folder.id });
      }}
    >
      <Icon name={open ? "chevron-down" : "chevron-right"} size={12} />
      <span className="row-title">
        <Icon name="folder" size={14} />
        <span className="grow clip">{folder.name}</span>
        <span className="meta num">{format.integer(count)}</span>
      </span>
    </button>
  );
}
