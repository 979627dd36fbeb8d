import { useQuery } from "@tanstack/react-query";
import { useClient, useEngineStore, useNavigationStore } from "../../app/client-context.tsx";
import { useCollections } from "../../app/data/use-knowledge.ts";
import { useModelCommands, useModels } from "../../app/data/use-models.ts";
import { queryKeys } from "../../app/query-keys.ts";
import { type Section, sections } from "../../app/routes.ts";
import { useSetSetting } from "../../app/use-settings.ts";
import { useText } from "../../i18n/use-text.ts";
import type { ShortcutId } from "../../keyboard/shortcuts.ts";
import { useShortcutKeys } from "../../keyboard/use-shortcuts.ts";
import type { IconName } from "../../primitives/index.ts";
import { collectionRoute } from "../documents/document-routes.ts";
import type { PaneState } from "../frame/use-panes.ts";
import { useGetEntries, useLibraryCommands } from "./library-entries.ts";
import { chatEntries, modelEntries, type PaletteEntry, type PaletteSources } from "./palette-entries.ts";

const places: Record<Section, { icon: IconName; shortcut: ShortcutId; synonyms: string }> = {
  chat: { icon: "chat", shortcut: "goChat", synonyms: "chat 对话 聊天" },
  library: { icon: "library", shortcut: "goLibrary", synonyms: "library models 模型库 模型" },
  documents: { icon: "documents", shortcut: "goDocuments", synonyms: "documents files 文档 文件" },
  monitor: { icon: "monitor", shortcut: "goMonitor", synonyms: "monitor speed memory 监控 速度 内存" },
  settings: { icon: "settings", shortcut: "goSettings", synonyms: "settings preferences options 设置 选项 偏好" },
};

export interface PaletteContext {
  list: PaneState;
  inspector: PaneState;
  onShortcuts: () => void;
}

/** All that the palette can do here and now. What would do nothing is left out. */
export function usePaletteSources(context: PaletteContext): PaletteSources & { ready: boolean } {
  const { t, format } = useText();
  const client = useClient();
  const { open } = useNavigationStore((state) => state.actions);
  const engines = useEngineStore((state) => state.engines) ?? [];
  const models = useModels() ?? [];
  const { load, unload } = useModelCommands();
  const gets = useGetEntries();
  const { data: chats, isPending } = useQuery({
    queryKey: queryKeys.chatList,
    queryFn: ({ signal }) => client.chat.list(undefined, { signal }),
  });
  return {
    // Without its first group the list would choose another first entry, and keep it.
    ready: !isPending,
    commands: useCommands(context),
    chats: chatEntries(chats ?? [], {
      untitled: t("shell.palette.untitled"),
      moment: (at) => format.moment(at, Date.now()),
      open: (id) => open({ section: "chat", id }),
    }),
    models: [
      ...modelEntries(models, engines, {
        loadLabel: (model) => t("shell.palette.loadModel", { model }),
        unloadLabel: (model) => t("shell.palette.unloadModel", { model }),
        load: (id) => load(id),
        unload: (id) => unload(id),
      }),
      ...gets,
    ],
    collections: useCollectionEntries(),
  };
}

function useCollectionEntries(): readonly PaletteEntry[] {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  return (useCollections() ?? []).map(
    ({ id, name, files }): PaletteEntry => ({
      id: `collection/${id}`,
      icon: "book",
      label: name,
      synonyms: "documents files 文档 文件",
      meta: t("shell.palette.files", { count: files.total }),
      run: () => open(collectionRoute(id)),
    }),
  );
}

function useCommands({ list, inspector, onShortcuts }: PaletteContext): readonly PaletteEntry[] {
  const { t } = useText();
  const keys = useShortcutKeys();
  const appearance = useAppearanceCommands();
  const panes = usePaneCommands({ list, inspector });
  const library = useLibraryCommands();
  const { open } = useNavigationStore((state) => state.actions);
  const newChat: PaletteEntry = {
    id: "new-chat",
    icon: "plus",
    label: t("shell.palette.newChat"),
    synonyms: "new chat 新建 对话",
    keys: keys("newChat"),
    run: () => open({ section: "chat", id: null }),
  };
  const go = sections.map(
    (section): PaletteEntry => ({
      id: `go-${section}`,
      icon: places[section].icon,
      label: t("shell.palette.goTo", { place: t(`shell.sections.${section}`) }),
      synonyms: places[section].synonyms,
      keys: keys(places[section].shortcut),
      run: () => open({ section, id: null }),
    }),
  );
  return [
    newChat,
    ...go,
    ...library,
    ...appearance,
    ...panes,
    {
      id: "shortcuts",
      icon: "keyboard",
      label: t("shell.palette.shortcuts"),
      synonyms: "shortcuts keys help 快捷键 帮助",
      keys: keys("sheet"),
      run: onShortcuts,
    },
  ];
}

function useAppearanceCommands(): readonly PaletteEntry[] {
  const { t } = useText();
  const set = useSetSetting();
  const theme = "theme dark light colour 主题 深色 浅色";
  const language = "language english chinese 语言 中文 英文";
  return [
    {
      id: "theme-light",
      icon: "sun",
      label: t("shell.palette.themeLight"),
      synonyms: theme,
      run: () => set("general.theme", "light"),
    },
    {
      id: "theme-dark",
      icon: "moon",
      label: t("shell.palette.themeDark"),
      synonyms: theme,
      run: () => set("general.theme", "dark"),
    },
    {
      id: "theme-system",
      icon: "monitor",
      label: t("shell.palette.themeSystem"),
      synonyms: theme,
      run: () => set("general.theme", "system"),
    },
    {
      id: "lang-en",
      icon: "lang",
      label: t("shell.palette.languageEn"),
      synonyms: language,
      run: () => set("general.language", "en"),
    },
    {
      id: "lang-zh",
      icon: "lang",
      label: t("shell.palette.languageZh"),
      synonyms: language,
      run: () => set("general.language", "zh-CN"),
    },
    {
      id: "lang-system",
      icon: "lang",
      label: t("shell.palette.languageSystem"),
      synonyms: language,
      run: () => set("general.language", "system"),
    },
  ];
}

function usePaneCommands({ list, inspector }: Pick<PaletteContext, "list" | "inspector">): readonly PaletteEntry[] {
  const { t } = useText();
  const keys = useShortcutKeys();
  const panes: readonly (PaletteEntry & { exists: boolean })[] = [
    {
      id: "list",
      icon: "panel-left",
      label: t("shell.palette.toggleList"),
      keys: keys("toggleList"),
      run: list.toggle,
      exists: list.exists,
    },
    {
      id: "inspector",
      icon: "panel-right",
      label: t("shell.palette.toggleInspector"),
      keys: keys("toggleInspector"),
      run: inspector.toggle,
      exists: inspector.exists,
    },
  ];
  return panes.filter((entry) => entry.exists);
}
