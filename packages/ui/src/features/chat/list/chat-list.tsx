import type { Chat, ChatFilter } from "@deskside/contract";
import "../chat.css";
import { useEffect, useMemo, useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useText } from "../../../i18n/use-text.ts";
import { useShortcutKeys } from "../../../keyboard/use-shortcuts.ts";
import { Button, Icon, IconButton, SearchField } from "../../../primitives/index.ts";
import { useChatSearch, useChats } from "../hooks/use-chat-list.ts";
import { useFolders, useOrganise } from "../hooks/use-folders.ts";
import { monthName } from "./group-chats.ts";
import { listItems } from "./list-items.ts";
import { ArchiveList } from "./organise/archive-list.tsx";
import { FilterMenu } from "./organise/filter-menu.tsx";
import { FolderRow } from "./organise/folder-row.tsx";
import { useRowActions } from "./organise/use-row-actions.tsx";
import { ChatRow, type ChatRowActions } from "./rows/chat-row.tsx";
import { type ListItem, RowList } from "./rows/row-list.tsx";
import { TrashList } from "./trash-list.tsx";

/** The list pane of the chat section. */
export function ChatList() {
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState<ChatFilter>({});
  const [instead, setInstead] = useState<"trash" | "archive" | null>(null);
  const chats = useChats();
  const now = useNow();
  const route = useNavigationStore((state) => state.route);
  const chatId = route.section === "chat" ? route.id : null;
  const tags = useMemo(() => allTags(chats.items ?? []), [chats.items]);
  const { actions, newFolder, dialogs } = useRowActions(chatId, tags);
  const isSearching = query.trim() !== "" || Object.keys(filter).length > 0;
  if (instead === "trash") return <TrashList onClose={() => setInstead(null)} />;
  if (instead === "archive")
    return (
      <>
        <ArchiveList
          chats={chats.items ?? []}
          chatId={chatId}
          now={now}
          actions={actions}
          onClose={() => setInstead(null)}
        />
        {dialogs}
      </>
    );
  return (
    <>
      <ListHead total={chats.items?.length ?? 0} {...{ query, setQuery, filter, setFilter, tags }} />
      {chats.error && !chats.items ? (
        <Failed retry={chats.retry} />
      ) : isSearching ? (
        <Hits query={query} filter={filter} chatId={chatId} now={now} actions={actions} />
      ) : (
        <Grouped chats={chats.items} chatId={chatId} now={now} actions={actions} onNewFolder={newFolder} />
      )}
      <ListFoot
        hasArchive={(chats.items ?? []).some(({ archivedAt }) => archivedAt !== null)}
        onNewFolder={newFolder}
        onShow={setInstead}
      />
      {dialogs}
    </>
  );
}

function allTags(chats: readonly Chat[]): string[] {
  return [...new Set(chats.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
}

function ListHead(props: {
  total: number;
  query: string;
  setQuery: (query: string) => void;
  filter: ChatFilter;
  setFilter: (filter: ChatFilter) => void;
  tags: readonly string[];
}) {
  const { total, query, setQuery, filter, setFilter, tags } = props;
  const { t } = useText();
  const keys = useShortcutKeys();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <div className="head list-head">
      <SearchField
        className="grow"
        label={total > 0 ? t("chat.list.searchCount", { count: total }) : t("chat.list.search")}
        value={query}
        onChange={setQuery}
        shortcut={keys("focusSearch")}
        clearLabel={t("chat.list.clearSearch")}
      />
      {total > 0 && <FilterMenu filter={filter} tags={tags} onChange={setFilter} />}
      <IconButton
        icon="plus"
        label={t("chat.newChat")}
        shortcut={keys("newChat")}
        onClick={() => open({ section: "chat", id: null })}
      />
    </div>
  );
}

function ListFoot(props: {
  hasArchive: boolean;
  onNewFolder: () => void;
  onShow: (what: "trash" | "archive") => void;
}) {
  const { t } = useText();
  const { hasArchive, onNewFolder, onShow } = props;
  return (
    <div className="list-foot">
      {hasArchive && (
        <button type="button" className="li" onClick={() => onShow("archive")}>
          <Icon name="archive" size={14} />
          <span className="grow clip">{t("chat.list.archiveTitle")}</span>
        </button>
      )}
      <div className="row g4">
        <button type="button" className="li grow" onClick={() => onShow("trash")}>
          <Icon name="trash" size={14} />
          <span className="grow clip">{t("chat.list.trash")}</span>
        </button>
        <IconButton icon="folder" size="xs" label={t("chat.list.newFolder")} onClick={onNewFolder} />
      </div>
    </div>
  );
}

function Failed({ retry }: { retry: () => void }) {
  const { t } = useText();
  return (
    <div className="scroll list-note" role="alert">
      <p>{t("chat.list.failed")}</p>
      <Button size="sm" onClick={retry}>
        {t("chat.list.retry")}
      </Button>
    </div>
  );
}

interface RowsProps {
  chatId: string | null;
  now: number;
  actions: ChatRowActions;
}

function Grouped(props: RowsProps & { chats: readonly Chat[] | null; onNewFolder: () => void }) {
  const { chats, chatId, now, actions, onNewFolder } = props;
  const { t, language } = useText();
  const folders = useFolders();
  const organise = useOrganise();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const {
    items,
    folders: listed,
    inFolder,
  } = useMemo(
    () =>
      listItems(chats ?? [], folders ?? [], {
        words: {
          pinned: t("chat.list.pinned"),
          folders: t("chat.list.folders"),
          groupName: (key) => (typeof key === "string" ? t(`chat.list.${key}`) : monthName(key, language, now)),
        },
        ...{ now, isOpen: (id: string) => open.has(id) },
        folderAction: <IconButton icon="plus" size="xs" label={t("chat.list.newFolder")} onClick={onNewFolder} />,
      }),
    [chats, folders, open, now, t, language, onNewFolder],
  );
  const byId = useMemo(() => new Map((chats ?? []).map((chat) => [chat.id, chat])), [chats]);
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <RowList
      items={items}
      label={t("chat.list.label")}
      currentKey={chatId}
      renderRow={(key, reachable) => {
        const entry = listed.get(key);
        if (entry)
          return (
            <FolderRow {...entry} reachable={reachable} actions={organise} onToggle={() => toggle(entry.folder.id)} />
          );
        const chat = byId.get(key);
        return (
          chat && (
            <ChatRow
              {...{ chat, reachable, now, actions }}
              current={key === chatId}
              query=""
              indented={inFolder.has(key)}
            />
          )
        );
      }}
      after={chats !== null && chats.length < 4 && <p className="list-note t12 ink3">{t("chat.list.empty")}</p>}
    />
  );
}

function Hits({ query, filter, chatId, now, actions }: RowsProps & { query: string; filter: ChatFilter }) {
  const { t } = useText();
  const { items, error, retry, query: searched } = useChatSearch(query, filter);
  const byId = useMemo(() => new Map((items ?? []).map((hit) => [hit.chat.id, hit])), [items]);
  if (error) return <Failed retry={retry} />;
  if (items?.length === 0) {
    return (
      <div className="scroll list-note" role="status">
        <p>{searched === "" ? t("chat.filter.noHits") : t("chat.list.noHits", { query: searched })}</p>
        <p className="t12 ink3">{searched === "" ? t("chat.filter.noHitsHint") : t("chat.list.noHitsHint")}</p>
      </div>
    );
  }
  const rows: ListItem[] = (items ?? []).map(({ chat, snippet }) => ({
    kind: "row",
    key: chat.id,
    tall: snippet !== null,
  }));
  return (
    <RowList
      items={
        rows.length > 0
          ? [{ kind: "head", key: "hits", label: t("chat.list.hits", { count: rows.length }) }, ...rows]
          : rows
      }
      label={t("chat.list.label")}
      currentKey={chatId}
      renderRow={(key, reachable) => {
        const hit = byId.get(key);
        if (!hit) return null;
        const { chat, snippet, messageId } = hit;
        return (
          <ChatRow
            {...{ chat, reachable, now, snippet, messageId, actions }}
            current={chat.id === chatId}
            query={searched}
          />
        );
      }}
    />
  );
}

const minuteMs = 60_000;

/** Now, to the minute: rows move from today to yesterday while the window stays open. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
