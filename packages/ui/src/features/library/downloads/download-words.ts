import type { Download } from "@deskside/contract";
import { describeError } from "../../../i18n/describe-error.ts";
import type { Text } from "../../../i18n/use-text.ts";
import type { IconName } from "../../../primitives/index.ts";

export interface DownloadWords {
  readonly icon: IconName;
  readonly tone: "ok" | "warn" | "danger" | "idle" | undefined;
  /** What it does now. */
  readonly state: string;
  /** What is behind it: bytes and time, or what is kept. */
  readonly detail: string;
}

/** 0–1; null when the size is not known. */
export function fractionOf({ receivedBytes, totalBytes }: Download): number | null {
  return totalBytes > 0 ? Math.min(1, receivedBytes / totalBytes) : null;
}

/** 62%; never 100% before everything is there. */
export function percentWords(download: Download, { format }: Text): string {
  const fraction = fractionOf(download) ?? 0;
  return format.percent(fraction < 1 ? Math.min(fraction, 0.99) : 1);
}

export function downloadWords(download: Download, text: Text): DownloadWords {
  const { t, format } = text;
  const { state, error, pausedBy, bytesPerSecond, etaMs } = download;
  const percent = percentWords(download, text);
  const received = t("library.downloads.received", {
    received: format.fileSize(download.receivedBytes),
    total: format.fileSize(download.totalBytes),
  });
  const join = (...words: readonly string[]) => words.join(t("common.listComma"));
  switch (state) {
    case "running": {
      const left =
        etaMs === null
          ? t("library.downloads.leftUnknown")
          : t("library.downloads.left", { time: format.duration(etaMs) });
      const rate = bytesPerSecond === null ? null : format.rate(bytesPerSecond);
      const now = rate === null ? percent : t("library.downloads.running", { percent, rate });
      return { icon: "download", tone: undefined, state: now, detail: join(received, left) };
    }
    case "paused": {
      const special = waitingWords(download, text, { percent, received });
      if (special) return special;
      const why = pausedBy === null ? null : t(`library.downloads.pausedBy.${pausedBy}`);
      const reason = error ? describeError(error, text).body : why;
      const detail = reason === null ? received : t("library.downloads.pausedDetail", { received, reason });
      return { icon: "pause", tone: "idle", state: t("library.downloads.paused", { percent }), detail };
    }
    case "failed": {
      const words = error ? describeError(error, text) : null;
      return {
        ...{ icon: "warning", tone: "danger", state: words?.title ?? t("errors.other.title") },
        detail: words?.body ?? received,
      };
    }
    case "checking":
      return {
        ...{ icon: "shield", tone: undefined, state: t("library.downloads.checking") },
        detail: t("library.downloads.checkingNote"),
      };
    case "waiting":
      return words("clock", "idle", t("library.downloads.waiting"), t("library.downloads.waitingFor"));
    case "testing":
      return words("gauge", undefined, t("library.downloads.testing"), t("library.downloads.testingNote"));
    case "done":
      return words("circle-check", "ok", t("library.downloads.done"), t("library.downloads.doneNote"));
    case "cancelled":
      return words("circle-x", "idle", t("library.downloads.cancelled"), t("library.downloads.cancelledNote"));
  }
}

/** What it waits for with a time that is known. */
function waitingWords(
  { pausedBy, resumesAt, error }: Download,
  text: Text,
  { percent, received }: { percent: string; received: string },
): DownloadWords | null {
  const { t, format } = text;
  if (resumesAt === null) return null;
  const time = format.time(resumesAt);
  if (pausedBy === "schedule") return words("clock", "idle", t("library.downloads.until", { time }), received);
  if (pausedBy !== "network") return null;
  const why = error === null ? "" : ` ${describeError(error, text).title}`;
  const detail = `${t("library.downloads.nextTry", { received, time })}${why}`;
  return words("cloud", "warn", t("library.downloads.offline", { percent }), detail);
}

function words(icon: IconName, tone: DownloadWords["tone"], state: string, detail: string): DownloadWords {
  return { icon, tone, state, detail };
}

const summaryStates = ["running", "checking", "paused", "waiting", "failed"] as const;

/** "1 running, 2 paused"; empty when nothing is left to do. */
export function downloadSummary(downloads: readonly Download[], { t }: Text): string {
  const group = ({ state }: Download) => (state === "testing" ? "checking" : state);
  return summaryStates
    .map((state) => ({ state, count: downloads.filter((one) => group(one) === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => t(`library.downloads.summary.${state}`, { count }))
    .join(t("common.listComma"));
}
