import type { Chat } from "@deskside/contract";
import { useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog, IconButton } from "../../../primitives/index.ts";
import { useTrashedChats } from "../hooks/use-chat-list.ts";
import { useChatListActions } from "../hooks/use-chat-list-actions.ts";

/** Deleted chats, in place of the list: back to it, or gone for good. */
export function TrashList({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { items, error, retry } = useTrashedChats(true);
  const { restore, deleteForever } = useChatListActions();
  const [doomed, setDoomed] = useState<Chat | null>(null);
  return (
    <>
      <div className="head list-head">
        <IconButton icon="chevron-left" label={t("chat.list.trashBack")} onClick={onClose} />
        <h2 className="grow">{t("chat.list.trash")}</h2>
      </div>
      <div className="scroll rows" role="navigation" aria-label={t("chat.list.trash")}>
        {error && (
          <div className="list-note" role="alert">
            <p>{t("chat.list.failed")}</p>
            <Button size="sm" onClick={retry}>
              {t("chat.list.retry")}
            </Button>
          </div>
        )}
        {items?.map((chat) => (
          <TrashRow key={chat.id} chat={chat} onRestore={() => restore(chat)} onDelete={() => setDoomed(chat)} />
        ))}
        {items && (
          <p className="list-note t12 ink3">
            {items.length === 0 ? t("chat.list.trashEmpty") : t("chat.list.trashHint")}
          </p>
        )}
      </div>
      <DeleteDialog
        chat={doomed}
        onClose={() => setDoomed(null)}
        onDelete={(chat) => {
          setDoomed(null);
          deleteForever(chat);
        }}
      />
    </>
  );
}

function TrashRow({ chat, onRestore, onDelete }: { chat: Chat; onRestore: () => void; onDelete: () => void }) {
  const { t } = useText();
  const title = chat.title || t("chat.newChat");
  return (
    <div className="li" role="group" aria-label={title}>
      <span className="grow clip" title={title}>
        {title}
      </span>
      <IconButton icon="refresh" size="xs" label={t("chat.list.restore")} onClick={onRestore} />
      <IconButton icon="trash" size="xs" label={t("chat.list.deleteForever")} onClick={onDelete} />
    </div>
  );
}

function DeleteDialog(props: { chat: Chat | null; onClose: () => void; onDelete: (chat: Chat) => void }) {
  const { t } = useText();
  const { chat, onClose, onDelete } = props;
  return (
    <Dialog
      open={chat !== null}
      onOpenChange={(open) => !open && onClose()}
      alert
      title={t("chat.list.deleteForeverTitle", { title: chat?.title || t("chat.newChat") })}
      actions={
        <>
          <Button onClick={onClose}>{t("chat.list.cancel")}</Button>
          <Button variant="danger-fill" onClick={() => chat && onDelete(chat)}>
            {t("chat.list.deleteForever")}
          </Button>
        </>
      }
    >
      <p className="ink2">{t("chat.list.deleteForeverBody", { count: chat?.messageCount ?? 0 })}</p>
    </Dialog>
  );
}
