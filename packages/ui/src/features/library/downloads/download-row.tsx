import type { Download, DownloadState, HubInfo } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import type { useDownloadCommands } from "../../../app/data/use-downloads.ts";
import { useModelCommands } from "../../../app/data/use-models.ts";
import { describeError } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, classNames, Icon, IconButton, Menu, type MenuEntry, ProgressBar } from "../../../primitives/index.ts";
import { tabRoute } from "../library-routes.ts";
import { downloadWords, fractionOf } from "./download-words.ts";

export interface DownloadRowProps {
  download: Download;
  commands: ReturnType<typeof useDownloadCommands>;
  hubs: readonly HubInfo[];
  /** Null at the ends of the list. */
  onEarlier: (() => void) | null;
  onLater: (() => void) | null;
}

export function DownloadRow(props: DownloadRowProps) {
  const text = useText();
  const { t, format } = text;
  const { download } = props;
  const words = downloadWords(download, text);
  const file = shortName(download);
  const meta = [download.quantization, format.fileSize(download.totalBytes), download.source];
  const failed = download.state === "failed";
  return (
    <li className="dl">
      <Icon name={words.icon} className={failed ? "danger" : "ink2"} />
      <div className="dl-name">
        <div className="med clip" title={`${download.repo}/${download.file}`}>
          {file}
        </div>
        <div className="t12 ink3 clip">{meta.filter(Boolean).join(t("common.listComma"))}</div>
      </div>
      <ProgressBar
        value={download.state === "done" ? 1 : fractionOf(download)}
        label={t("library.downloads.progress", { file })}
        {...(words.tone !== undefined && { tone: words.tone })}
      />
      <div className="dl-state" role={failed ? "alert" : undefined}>
        <div className={classNames("med", failed && "danger")}>{words.state}</div>
        <div className="t12 ink3">{words.detail}</div>
      </div>
      <div className="dl-acts">
        <MainAction {...props} />
        <Menu
          align="end"
          trigger={<IconButton icon="more" label={t("library.downloads.actions", { file })} />}
          items={useMenuItems(props)}
        />
      </div>
    </li>
  );
}

/** The last part of the repository's name says more than a file name of sixty characters. */
function shortName({ repo, file }: Download): string {
  return (repo.split("/").at(-1) ?? file).replace(/-GGUF$/i, "");
}

/** The same files from another hub: what this one gave was wrong, or did not come. */
function fetchFrom({ download, commands, hubs }: DownloadRowProps, source: string): void {
  const { id, repo, file, revision } = download;
  const hub = hubs.find((one) => one.id === source)?.baseUrl ?? source;
  commands.forget(id, { onSuccess: () => commands.start({ repo, file, revision, hub }) });
}

function otherSources({ source, sources }: Download): readonly string[] {
  return sources.filter((one) => one !== source);
}

/** The hubs it can come from, then the others that are known. */
function switchTargets({ download, hubs }: DownloadRowProps): readonly { hub: string; label: string }[] {
  const inUse = download.source ?? download.sources[0];
  const own = download.sources.map((name) => ({ hub: name, label: name }));
  const others = hubs
    .filter(({ id, kind }) => (kind === "huggingface" || kind === "modelscope") && !download.sources.includes(id))
    .map(({ id }) => ({ hub: id, label: id }));
  return [...own, ...others].filter(({ hub }) => hub !== inUse);
}

function FailedAction(props: DownloadRowProps) {
  const text = useText();
  const { t } = text;
  const { download, commands } = props;
  const [other] = otherSources(download);
  const wanted = download.error && describeError(download.error, text).action?.kind === "other-source";
  if (wanted && other !== undefined) {
    return (
      <Button size="sm" icon="cloud" onClick={() => fetchFrom(props, other)}>
        {t("library.downloads.otherSource", { source: other })}
      </Button>
    );
  }
  return (
    <Button size="sm" icon="refresh" onClick={() => commands.resume(download.id)}>
      {t("library.downloads.retry")}
    </Button>
  );
}

function MainAction(props: DownloadRowProps) {
  const { download, commands } = props;
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { load } = useModelCommands();
  const { id, state, modelId } = download;
  switch (state) {
    case "running":
      return (
        <Button size="sm" icon="pause" onClick={() => commands.pause(id)}>
          {t("library.downloads.pause")}
        </Button>
      );
    case "paused":
      return (
        <Button size="sm" icon="play" onClick={() => commands.resume(id)}>
          {t(resumeWords[download.pausedBy ?? "user"])}
        </Button>
      );
    case "failed":
      return <FailedAction {...props} />;
    case "done":
      return modelId === null ? null : (
        <Button
          size="sm"
          onClick={() => {
            load(modelId);
            open({ section: "chat", id: null });
          }}
        >
          {t("library.downloads.useIt")}
        </Button>
      );
    default:
      return null;
  }
}

const resumeWords = {
  user: "library.downloads.resume",
  "no-space": "library.downloads.resume",
  schedule: "library.downloads.now",
  network: "library.downloads.retry",
} as const;

/** States in which another source can take over. */
const switchable: ReadonlySet<DownloadState> = new Set(["running", "waiting", "paused"]);
const ended: ReadonlySet<DownloadState> = new Set(["done", "cancelled", "failed"]);

function useMenuItems(props: DownloadRowProps): MenuEntry[] {
  const { download, commands, onEarlier, onLater } = props;
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { id, state } = download;
  const isEnded = ended.has(state);
  const others = state === "failed" ? otherSources(download) : [];
  const mirrors = switchable.has(state) ? switchTargets(props) : [];
  const items: (MenuEntry | null)[] = [
    ...others.map((other) => ({
      ...{ label: t("library.downloads.otherSource", { source: other }), icon: "cloud" as const },
      onSelect: () => fetchFrom(props, other),
    })),
    ...mirrors.map(({ hub, label }) => ({
      ...{ label: t("library.downloads.otherSource", { source: label }), icon: "cloud" as const },
      onSelect: () => commands.switchSource({ id, hub }),
    })),
    !isEnded && onEarlier ? { label: t("library.downloads.earlier"), icon: "chevron-up", onSelect: onEarlier } : null,
    !isEnded && onLater ? { label: t("library.downloads.later"), icon: "chevron-down", onSelect: onLater } : null,
    state === "done"
      ? { label: t("library.downloads.show"), icon: "library", onSelect: () => open(tabRoute("installed")) }
      : null,
    isEnded ? { label: t("library.downloads.forget"), icon: "close", onSelect: () => commands.forget(id) } : null,
    state !== "done" && state !== "cancelled"
      ? { label: t("library.downloads.cancel"), icon: "trash", danger: true, onSelect: () => commands.cancel(id) }
      : null,
  ];
  return items.filter((item) => item !== null);
}
