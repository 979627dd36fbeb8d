import type { Chat } from "@deskside/contract";
import "../chat.css";
import { useEffect, useMemo, useState } from "react";
import { useLayoutStore, useNavigationStore } from "../../../app/client-context.tsx";
import { useText } from "../../../i18n/use-text.ts";
import { useShortcutKeys } from "../../../keyboard/use-shortcuts.ts";
import { Button, Icon, IconButton, SearchField } from "../../../primitives/index.ts";
import { useChatSearch, useChats } from "../hooks/use-chat-list.ts";
import { useChatListActions } from "../hooks/use-chat-list-actions.ts";
import { ChatRow, type ChatRowActions } from "./chat-row.tsx";
import { groupChats, monthName } from "./group-chats.ts";
import { type ListItem, RowList } from "./row-list.tsx";
import { TrashList } from "./trash-list.tsx";

/** The list pane of the chat section. */
export function ChatList() {
  const { t, format } = useText();
  const [query, setQuery] = useState("");
  const [showTrash, setShowTrash] = useState(false);
  const chats = useChats();
  const { open } = useNavigationStore((state) => state.actions);
  const route = useNavigationStore((state) => state.route);
  const chatId = route.section === "chat" ? route.id : null;
  const keys = useShortcutKeys();
  const actions = useRowActions(chatId);
  const total = chats.items?.length ?? 0;
  const label = total > 0 ? t("chat.list.searchCount", { count: total }) : t("chat.list.search");
  if (showTrash) return <TrashList onClose={() => setShowTrash(false)} />;
  return (
    <>
      <div className="head list-head">
        <SearchField
          className="grow"
          label={label}
          value={query}
          onChange={setQuery}
          shortcut={keys("focusSearch")}
          clearLabel={t("chat.list.clearSearch")}
        />
        <IconButton
          icon="plus"
          label={t("chat.newChat")}
          shortcut={keys("newChat")}
          onClick={() => open({ section: "chat", id: null })}
        />
      </div>
      {chats.error && !chats.items ? (
        <div className="scroll list-note" role="alert">
          <p>{t("chat.list.failed")}</p>
          <Button size="sm" onClick={chats.retry}>
            {t("chat.list.retry")}
          </Button>
        </div>
      ) : query.trim() === "" ? (
        <Grouped chats={chats.items} chatId={chatId} actions={actions} />
      ) : (
        <Hits query={query} chatId={chatId} actions={actions} />
      )}
      <div className="list-foot">
        <button type="button" className="li" onClick={() => setShowTrash(true)}>
          <Icon name="trash" size={14} />
          <span className="grow clip">{t("chat.list.trash")}</span>
        </button>
      </div>
      <span className="sr" role="status">
        {query.trim() === "" ? "" : format.integer(total)}
      </span>
    </>
  );
}

function useRowActions(chatId: string | null): ChatRowActions {
  const { open, replace } = useNavigationStore((state) => state.actions);
  const setOverlay = useLayoutStore((state) => state.actions.setOverlay);
  const { rename, moveToTrash } = useChatListActions();
  return useMemo(
    () => ({
      open: (id) => {
        setOverlay(null);
        open({ section: "chat", id });
      },
      rename,
      moveToTrash(chat) {
        moveToTrash(chat);
        if (chat.id === chatId) replace({ section: "chat", id: null });
      },
    }),
    [open, replace, setOverlay, rename, moveToTrash, chatId],
  );
}

interface RowsProps {
  chatId: string | null;
  actions: ChatRowActions;
}

function Grouped({ chats, chatId, actions }: RowsProps & { chats: readonly Chat[] | null }) {
  const { t, language } = useText();
  const now = useNow();
  const { items, byId } = useMemo(() => {
    const list: ListItem[] = [];
    for (const { key, chats: members } of groupChats(chats ?? [], now)) {
      const label = typeof key === "string" ? t(`chat.list.${key}`) : monthName(key, language, now);
      list.push({ kind: "head", key: `head-${label}`, label });
      for (const chat of members) list.push({ kind: "row", key: chat.id, tall: false });
    }
    return { items: list, byId: new Map((chats ?? []).map((chat) => [chat.id, chat])) };
  }, [chats, now, t, language]);
  return (
    <RowList
      items={items}
      label={t("chat.list.label")}
      currentKey={chatId}
      renderRow={(key, reachable) => {
        const chat = byId.get(key);
        return (
          chat && (
            <ChatRow chat={chat} current={key === chatId} reachable={reachable} now={now} query="" actions={actions} />
          )
        );
      }}
      after={chats !== null && chats.length < 4 && <p className="list-note t12 ink3">{t("chat.list.empty")}</p>}
    />
  );
}

function Hits({ query, chatId, actions }: RowsProps & { query: string }) {
  const { t } = useText();
  const now = useNow();
  const { items, error, retry, query: searched } = useChatSearch(query);
  const byId = useMemo(() => new Map((items ?? []).map((hit) => [hit.chat.id, hit])), [items]);
  if (error) {
    return (
      <div className="scroll list-note" role="alert">
        <p>{t("chat.list.failed")}</p>
        <Button size="sm" onClick={retry}>
          {t("chat.list.retry")}
        </Button>
      </div>
    );
  }
  if (items?.length === 0) {
    return (
      <div className="scroll list-note" role="status">
        <p>{t("chat.list.noHits", { query: searched })}</p>
        <p className="t12 ink3">{t("chat.list.noHitsHint")}</p>
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
        const { chat, snippet } = hit;
        const current = chat.id === chatId;
        return (
          <ChatRow
            chat={chat}
            current={current}
            reachable={reachable}
            now={now}
            query={searched}
            snippet={snippet}
            actions={actions}
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
