import { lazy } from "react";
import { useNavigationStore } from "./client-context.tsx";
import { hasLibraryList } from "../features/library/library-routes.ts";
import type { SectionTable } from "../features/frame/section-panes.ts";

const loadChat = () => import("../features/chat/index.ts");
const ChatList = lazy(async () => ({ default: (await loadChat()).ChatList }));
const ChatScreen = lazy(async () => ({ default: (await loadChat()).ChatScreen }));
const ChatInspector = lazy(async () => ({ default: (await loadChat()).ChatInspector }));
const loadSettings = () => import("../features/settings/index.ts");
const SettingsList = lazy(async () => ({ default: (await loadSettings()).SettingsList }));
const SettingsScreen = lazy(async () => ({ default: (await loadSettings()).SettingsScreen }));
const loadLibrary = () => import("../features/library/index.ts");
const LibraryList = lazy(async () => ({ default: (await loadLibrary()).LibraryList }));
const LibraryScreen = lazy(async () => ({ default: (await loadLibrary()).LibraryScreen }));
const loadDocuments = () => import("../features/documents/index.ts");
const DocumentsList = lazy(async () => ({ default: (await loadDocuments()).DocumentsList }));
const DocumentsScreen = lazy(async () => ({ default: (await loadDocuments()).DocumentsScreen }));
const CollectionPanel = lazy(async () => ({ default: (await loadDocuments()).CollectionPanel }));
const MonitorScreen = lazy(async () => ({ default: (await import("../features/monitor/index.ts")).MonitorScreen }));

function ChatContent({ id }: { id: string | null }) {
  const { open } = useNavigationStore((state) => state.actions);
  return <ChatScreen chatId={id} onOpenChat={(chatId) => open({ section: "chat", id: chatId })} />;
}

function ChatDetails({ id }: { id: string | null }) {
  return <ChatInspector chatId={id} />;
}

/** Which parts a section has. Each is fetched when it is first shown. */
export const sectionTable: SectionTable = {
  chat: { list: ChatList, content: ChatContent, inspector: ChatDetails },
  library: { list: LibraryList, hasList: hasLibraryList, content: LibraryScreen },
  documents: { list: DocumentsList, content: DocumentsScreen, inspector: CollectionPanel },
  monitor: { content: MonitorScreen },
  settings: { list: SettingsList, content: SettingsScreen },
};
