import type { Download } from "@deskside/contract";
import { useEffect, useRef } from "react";
import { useNavigationStore } from "../../app/client-context.tsx";
import { useDownloads, useFollowDownloads } from "../../app/data/use-downloads.ts";
import { useModelCommands } from "../../app/data/use-models.ts";
import { describeError } from "../../i18n/describe-error.ts";
import { useText } from "../../i18n/use-text.ts";
import { Icon, ProgressBar, Tooltip, toast } from "../../primitives/index.ts";

/** Only while something is being fetched: how much of it is here, and the longest time left. */
export function DownloadSegment() {
  const { t, format } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const downloads = useDownloads();
  useFollowDownloads();
  useDownloadResults(downloads);
  const running = downloads?.filter(({ state }) => state === "running") ?? [];
  if (running.length === 0) return null;
  const total = running.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const received = running.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
  const fraction = total > 0 ? Math.min(0.99, received / total) : 0;
  const times = running.map(({ etaMs }) => etaMs);
  // One that does not know its time makes the whole unknown.
  const left = times.every((time) => time !== null) ? Math.max(...times) : null;
  const percent = format.percent(fraction);
  const file = running.map((one) => one.repo.split("/").at(-1) ?? one.file).join(t("common.listComma"));
  const label = t("library.downloads.strip", { file, percent });
  return (
    <Tooltip text={label} side="top">
      <button type="button" className="seg" onClick={() => open({ section: "library", id: "downloads" })}>
        <Icon name="download" size={14} />
        <span className="mini">
          <ProgressBar value={fraction} />
        </span>
        <span>
          <b>{percent}</b>
          {left !== null && <span className="lo"> {format.duration(left)}</span>}
        </span>
        <span className="sr">{label}</span>
      </button>
    </Tooltip>
  );
}

/** Tells what became of a download wherever somebody is: ready to be used, or why not. */
function useDownloadResults(downloads: readonly Download[] | null): void {
  const text = useText();
  const { load } = useModelCommands();
  const { open } = useNavigationStore((state) => state.actions);
  const seen = useRef(new Map<string, Download["state"]>());
  useEffect(() => {
    for (const { id, state, repo, modelId, error } of downloads ?? []) {
      const before = seen.current.get(id);
      seen.current.set(id, state);
      if (before === undefined || before === state) continue;
      const file = repo.split("/").at(-1) ?? repo;
      if (state === "done" && modelId !== null) {
        toast({
          ...{ id: `download/${id}`, tone: "ok", text: text.t("library.downloads.finished", { file }) },
          action: { label: text.t("library.downloads.useIt"), run: () => load(modelId) },
        });
      }
      if (state === "failed" && error) {
        const { title, body } = describeError(error, text);
        toast({
          ...{ id: `download/${id}`, tone: "danger", text: `${file}: ${title}`, detail: body },
          action: {
            label: text.t("library.tabs.downloads"),
            run: () => open({ section: "library", id: "downloads" }),
          },
        });
      }
    }
  }, [downloads, text, load, open]);
}
