import type { Recommendation } from "@deskside/contract";
import { useNavigationStore } from "../../app/client-context.tsx";
import { useDownloadCommands, useDownloads } from "../../app/data/use-downloads.ts";
import { useRecommendations } from "../../app/data/use-hardware.ts";
import { useText } from "../../i18n/use-text.ts";
import { entryRoute, tabRoute } from "../library/library-routes.ts";
import type { PaletteEntry } from "./palette-entries.ts";

/** Places and commands of the library. What would do nothing is left out. */
export function useLibraryCommands(): readonly PaletteEntry[] {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const downloads = useDownloads() ?? [];
  const { pause, resume } = useDownloadCommands();
  const running = downloads.filter(({ state }) => state === "running" || state === "waiting");
  const paused = downloads.filter(({ state }) => state === "paused");
  const entries: (PaletteEntry & { exists?: boolean })[] = [
    {
      ...{ id: "library-discover", icon: "library", label: t("library.palette.discover") },
      synonyms: "discover get download find model catalogue 发现 下载 查找 模型 目录",
      run: () => open(tabRoute("discover")),
    },
    {
      ...{ id: "library-installed", icon: "disk", label: t("library.palette.installed") },
      synonyms: "installed disk models remove import add file 已装 安装 磁盘 模型 添加 导入 文件",
      run: () => open(tabRoute("installed")),
    },
    {
      ...{ id: "library-downloads", icon: "download", label: t("library.palette.downloads") },
      synonyms: "downloads progress 下载 进度",
      run: () => open(tabRoute("downloads")),
    },
    {
      ...{ id: "downloads-pause", icon: "pause", label: t("library.palette.pauseAll"), exists: running.length > 0 },
      synonyms: "pause stop downloads 暂停 下载",
      run: () => {
        for (const { id } of running) pause(id);
      },
    },
    {
      ...{ id: "downloads-resume", icon: "play", label: t("library.palette.resumeAll"), exists: paused.length > 0 },
      synonyms: "resume continue downloads 继续 下载",
      run: () => {
        for (const { id } of paused) resume(id);
      },
    },
  ];
  return entries.filter(({ exists = true }) => exists);
}

/** What runs best here and can be fetched: each leads to the page of its model. */
export function useGetEntries(): readonly PaletteEntry[] {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { data } = useRecommendations();
  return (data ?? []).map(({ model, name, quantization }: Recommendation) => ({
    ...{ id: `get/${model}`, icon: "download" as const },
    label: t("library.palette.get", { model: name, quantization: quantization ?? "" }),
    synonyms: `${model} get download 下载`,
    run: () => open(entryRoute(model)),
  }));
}
