import type { Download } from "@deskside/contract";
import type { createWords } from "@deskside/ui/words";

type Format = Pick<ReturnType<typeof createWords>["format"], "bytes">;

/** Where a bar can be drawn: stderr of a terminal. */
export interface BarStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressBar extends Disposable {
  show(download: Pick<Download, "receivedBytes" | "totalBytes" | "bytesPerSecond" | "etaMs" | "state">): void;
  /** Takes the bar away. */
  end(): void;
}

const widest = 40;
/** For a log file: a line only so often. */
const stepPercent = 10;

/** One line that is drawn anew on a terminal; elsewhere a line for every tenth. */
export function createProgressBar(stream: BarStream, format: Format): ProgressBar {
  let drawn = false;
  let told = -1;
  const end = () => {
    if (drawn) stream.write("\r\u001b[K");
    drawn = false;
  };
  return {
    show(download) {
      const { receivedBytes, totalBytes, state } = download;
      const share = totalBytes > 0 ? Math.min(1, receivedBytes / totalBytes) : 0;
      const percent = Math.floor(share * 100);
      if (stream.isTTY) {
        drawn = true;
        const text = lineOf(download, share, percent, format);
        stream.write(`\r\u001b[K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
        return;
      }
      const step = Math.floor(percent / stepPercent);
      if (step <= told) return;
      told = step;
      stream.write(`${state} ${percent} % / ${format.bytes(totalBytes)}\n`);
    },
    end,
    [Symbol.dispose]: end,
  };
}

function lineOf(
  { receivedBytes, totalBytes, bytesPerSecond, etaMs, state }: Parameters<ProgressBar["show"]>[0],
  share: number,
  percent: number,
  format: Format,
): string {
  const filled = Math.round(share * widest);
  const bar = `${"█".repeat(filled)}${"░".repeat(widest - filled)}`;
  const speed = bytesPerSecond === null ? state : `${format.bytes(bytesPerSecond)}/s`;
  const left = etaMs === null ? "" : `  ${clockOf(etaMs)}`;
  return `${String(percent).padStart(3)} % ${bar} ${format.bytes(receivedBytes)} / ${format.bytes(totalBytes)}  ${speed}${left}`;
}

function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
