import type { Chat } from "@deskside/contract";
import { useText } from "../../../../i18n/use-text.ts";
import { IconButton } from "../../../../primitives/index.ts";
import { ChatRow, type ChatRowActions } from "../rows/chat-row.tsx";
import { RowList } from "../rows/row-list.tsx";

export interface ArchiveListProps {
  chats: readonly Chat[];
  chatId: string | null;
  now: number;
  actions: ChatRowActions;
  onClose: () => void;
}

/** Archived chats, in place of the list. */
export function ArchiveList({ chats, chatId, now, actions, onClose }: ArchiveListProps) {
  const { t } = useText();
  const archived = chats.filter(({ archivedAt }) => archivedAt !== null);
  const byId = new Map(archived.map((chat) => [chat.id, chat]));
  return (
    <>
      <div className="head list-head">
        <IconButton icon="chevron-left" label={t("chat.list.trashBack")} onClick={onClose} />
        <h2 className="grow">{t("chat.list.archiveTitle")}</h2>
      </div>
      <RowList
        items={archived.map(({ id }) => ({ kind: "row", key: id, tall: false }))}
        label={t("chat.list.archiveTitle")}
        currentKey={chatId}
        renderRow={(key, reachable) => {
          const chat = byId.get(key);
          return (
            chat && (
              <ChatRow
                chat={chat}
                current={key === chatId}
                reachable={reachable}
                now={now}
                query=""
                actions={actions}
              />
            )
          );
        }}
        after={
          <p className="list-note t12 ink3">
            {archived.length === 0 ? t("chat.list.archiveEmpty") : t("chat.list.archiveHint")}
          </p>
        }
      />
    </>
  );
}
