import { DesksideError } from "@deskside/base";
import { type Download, deskError, type DownloadRequest, type PullResult } from "@deskside/contract";
import { createWords, describeError } from "@deskside/ui/words";
import type { DesksideClient } from "../../open-session.ts";
import { createProgressBar, type ProgressBar } from "../../progress-bar.ts";
import { systemLanguages } from "../../report-failure.ts";

/**
 * Fetches a model and shows how far it is on stderr. Without a network it waits and goes on by itself. The first Ctrl-C
 * pauses, and the same command goes on from there; a second one ends the process, which loses nothing either. Throws
 * why it failed, DOWNLOAD_NO_SPACE, or DOWNLOAD_PAUSED.
 */
export async function pullModel(client: DesksideClient, request: DownloadRequest): Promise<PullResult> {
  const { id } = await client.library.download.start(request);
  const words = createWords(systemLanguages());
  const interrupted = new AbortController();
  const onInterrupt = () => {
    const pausing = client.library.download.pause({ id }).catch(() => undefined);
    // After the last byte there is nothing to pause: what is there is tried again with the next start.
    void pausing.then(() => interrupted.abort());
  };
  process.once("SIGINT", onInterrupt);
  // A wait of minutes has nothing else that keeps the process alive.
  const alive = setInterval(() => undefined, 60_000);
  using bar = createProgressBar(process.stderr, words.format);
  const note = createNotes(bar, words);
  let last: Download | null = null;
  try {
    for await (const event of await client.library.download.watch({ id }, { signal: interrupted.signal })) {
      last = event.download;
      if (event.type === "failed") throw new DesksideError(event.error);
      if (event.type === "done") return event.result;
      if (event.type === "cancelled" || event.download.pausedBy === "user") throw pausedError(event.download);
      if (event.download.pausedBy === "no-space" && event.download.error) throw new DesksideError(event.download.error);
      note(event.download);
    }
  } catch (error) {
    if (interrupted.signal.aborted && last) throw pausedError(last);
    throw error;
  } finally {
    clearInterval(alive);
    process.off("SIGINT", onInterrupt);
  }
  throw pausedError(last ?? (await stateOf(client, id)));
}

async function stateOf(client: DesksideClient, id: string): Promise<Download> {
  const found = (await client.library.download.list()).find((one) => one.id === id);
  if (!found) throw deskError("DOWNLOAD_NOT_FOUND", { downloadId: id });
  return found;
}

function pausedError({ id, receivedBytes, totalBytes }: Download): DesksideError {
  return deskError("DOWNLOAD_PAUSED", { downloadId: id, receivedBytes, totalBytes });
}

/** The bar while bytes come; one line for each wait. */
function createNotes(bar: ProgressBar, words: ReturnType<typeof createWords>) {
  const { t, format } = words;
  let told: number | null = null;
  return (download: Download) => {
    const { pausedBy, resumesAt, receivedBytes, totalBytes, error } = download;
    if (resumesAt === null) {
      told = null;
      return bar.show(download);
    }
    if (told === resumesAt) return;
    told = resumesAt;
    bar.end();
    const time = format.time(resumesAt);
    const received = t("library.downloads.received", {
      received: format.bytes(receivedBytes),
      total: format.bytes(totalBytes),
    });
    if (pausedBy === "schedule") process.stderr.write(`${t("library.downloads.until", { time })}\n`);
    else process.stderr.write(`${t("library.downloads.nextTry", { received, time })}\n`);
    if (error) process.stderr.write(`${describeError(error, words).body}\n`);
  };
}
