import type { Download } from "@deskside/contract";
import { useDownloadCommands, useDownloads } from "../../../app/data/use-downloads.ts";
import { useHubs } from "../../../app/data/use-library.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button } from "../../../primitives/index.ts";
import { EmptyView } from "../../frame/empty-view.tsx";
import { LibraryTabs } from "../library-tabs.tsx";
import { DownloadRow } from "./download-row.tsx";
import { downloadSummary } from "./download-words.ts";

/** What is being fetched, waits, or ended since the start, in its order. */
export function DownloadsScreen() {
  const text = useText();
  const { t } = text;
  const downloads = useDownloads();
  const commands = useDownloadCommands();
  const pausable = downloads?.filter(({ state }) => state === "running" || state === "waiting") ?? [];
  const summary = downloads ? downloadSummary(downloads, text) : "";
  return (
    <>
      <div className="head lib-head">
        <h1 className="sr">{t("shell.library.title")}</h1>
        <LibraryTabs current="downloads" />
        <span className="grow" />
        <span className="t12 ink3 clip hide-sm">{summary}</span>
        {pausable.length > 0 && (
          <Button
            size="sm"
            icon="pause"
            onClick={() => {
              for (const { id } of pausable) commands.pause(id);
            }}
          >
            {t("library.downloads.pauseAll")}
          </Button>
        )}
      </div>
      <div className="scroll">
        {downloads?.length === 0 ? (
          <EmptyView icon="download" title={t("library.downloads.none")} body={t("library.downloads.noneBody")} />
        ) : (
          <div className="lbody">{downloads && <DownloadList {...{ downloads, commands }} />}</div>
        )}
      </div>
    </>
  );
}

function DownloadList(props: { downloads: readonly Download[]; commands: ReturnType<typeof useDownloadCommands> }) {
  const { t } = useText();
  const { downloads, commands } = props;
  const hubs = useHubs().data ?? [];
  const ids = downloads.map(({ id }) => id);
  const swap = (at: number, by: 1 | -1) => {
    const next = [...ids];
    const [moved] = next.splice(at, 1);
    if (moved !== undefined) next.splice(at + by, 0, moved);
    commands.order(next);
  };
  return (
    <ul className="dl-list" aria-label={t("library.tabs.downloads")}>
      {downloads.map((download, index) => (
        <DownloadRow
          key={download.id}
          {...{ download, commands, hubs }}
          onEarlier={index > 0 ? () => swap(index, -1) : null}
          onLater={index < downloads.length - 1 ? () => swap(index, 1) : null}
        />
      ))}
    </ul>
  );
}
