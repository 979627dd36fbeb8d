import type { Download, DownloadRequest } from "@deskside/contract";
import { useNavigationStore } from "../../app/client-context.tsx";
import { useDownloadCommands, useDownloads } from "../../app/data/use-downloads.ts";
import { useText } from "../../i18n/use-text.ts";
import { toast } from "../../primitives/index.ts";
import { tabRoute } from "./library-routes.ts";

/** States in which a download still has something to do. */
const open: ReadonlySet<Download["state"]> = new Set(["waiting", "running", "paused", "checking", "testing"]);

export function isOpenDownload({ state }: Download): boolean {
  return open.has(state);
}

export interface GetModel {
  /** `name` is what a toast calls it. */
  get(request: DownloadRequest, name: string): void;
  /** The hub is being asked for this one; nothing is downloaded yet. */
  isAsking(request: DownloadRequest): boolean;
  /** One that is already on its way. */
  find(repo: string, file: string): Download | null;
}

/** Starts downloads and says so; where it leads is one click away. */
export function useGetModel(): GetModel {
  const { t } = useText();
  const downloads = useDownloads();
  const { start, starting } = useDownloadCommands();
  const { open: navigate } = useNavigationStore((state) => state.actions);
  return {
    get: (request, name) =>
      start(request, {
        onSuccess: () =>
          toast({
            tone: "info",
            icon: "download",
            text: t("library.downloads.started", { file: name }),
            action: { label: t("library.tabs.downloads"), run: () => navigate(tabRoute("downloads")) },
          }),
      }),
    isAsking: (request) => starting !== null && starting.repo === request.repo && starting.file === request.file,
    find: (repo, file) =>
      downloads?.find(
        (one) => one.repo === repo && (one.file === file || one.quantization === file) && isOpenDownload(one),
      ) ?? null,
  };
}
