import type { Chat } from "@deskside/contract";
import { useRef, useState } from "react";
import { useText } from "../../../../i18n/use-text.ts";
import { Button, Dialog } from "../../../../primitives/index.ts";
import { type OrganiseActions, useFolders } from "../../hooks/use-folders.ts";
import { WordField } from "./word-field.tsx";

export interface FolderDialogProps {
  /** What moves there; null = only a new folder is made. */
  chat: Chat | null;
  open: boolean;
  actions: OrganiseActions;
  onClose: () => void;
}

/** Where a chat belongs: a folder that is there, a new one, or none. */
export function FolderDialog({ chat, open, actions, onClose }: FolderDialogProps) {
  const { t } = useText();
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const close = () => {
    setName("");
    onClose();
  };
  const move = (folderId: string | null) => {
    if (chat && chat.folderId !== folderId) actions.organise([chat.id], { folderId });
    close();
  };
  const create = async () => {
    if (name.trim() === "") return;
    const id = await actions.createFolder(name);
    if (id === null) return;
    if (chat) move(id);
    else close();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={chat ? t("chat.list.moveTitle", { title: chat.title || t("chat.newChat") }) : t("chat.list.newFolder")}
      initialFocus={field}
      width={380}
      actions={
        <>
          <Button onClick={close}>{t("chat.list.cancel")}</Button>
          <Button variant="primary" disabled={name.trim() === ""} onClick={() => void create()}>
            {t("chat.list.createFolder")}
          </Button>
        </>
      }
    >
      {chat && <KnownFolders chat={chat} onMove={move} />}
      <WordField
        label={chat ? t("chat.list.newFolder") : t("chat.list.folderName")}
        field={field}
        value={name}
        maxLength={100}
        onChange={setName}
        onSubmit={() => void create()}
      />
    </Dialog>
  );
}

function KnownFolders({ chat, onMove }: { chat: Chat; onMove: (folderId: string | null) => void }) {
  const { t } = useText();
  const folders = useFolders() ?? [];
  if (folders.length === 0 && chat.folderId === null) return null;
  return (
    <div className="col g4" role="group" aria-label={t("chat.list.folders")}>
      {folders.map(({ id, name }) => (
        <Button
          key={id}
          icon={chat.folderId === id ? "check" : "folder"}
          aria-pressed={chat.folderId === id}
          onClick={() => onMove(id)}
        >
          {name}
        </Button>
      ))}
      {chat.folderId !== null && <Button onClick={() => onMove(null)}>{t("chat.list.noFolder")}</Button>}
    </div>
  );
}
