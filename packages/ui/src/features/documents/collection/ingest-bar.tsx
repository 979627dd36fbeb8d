import type { IngestStatus } from "@deskside/contract";
import type { CSSProperties } from "react";
import { useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button } from "../../../primitives/index.ts";

/** Ready, working, failed, of all files; time left; pause. Nothing once everything is in. */
export function IngestBar({ status }: { status: IngestStatus }) {
  const { t, format } = useText();
  const { pause, resume } = useKnowledgeCommands();
  const { files, vectors, collectionId } = status;
  const isReading = files.waiting + files.working > 0;
  const isEmbedding = vectors.done < vectors.total;
  if (!isReading && !isEmbedding) return null;
  const share = (count: number): CSSProperties =>
    ({ "--w": `${((100 * count) / Math.max(1, files.total)).toFixed(2)}%` }) as CSSProperties;
  const title = isReading
    ? t("knowledge.indexing", { count: files.total })
    : t("knowledge.embedding", { done: format.integer(vectors.done), count: vectors.total });
  const detail = [
    t("knowledge.readyCount", { count: files.ready }),
    ...(status.secondsLeft === null
      ? []
      : [t("knowledge.timeLeft", { time: format.duration(status.secondsLeft * 1000) })]),
    ...(status.paused ? [t("knowledge.paused")] : []),
    ...(status.waitingForAnswer ? [t("knowledge.waitingForAnswer")] : []),
  ];
  return (
    <section className="col g8" aria-label={title}>
      <div className="row g8">
        <span className="med">{title}</span>
        <span className="ink3 grow">{detail.join(t("common.listComma"))}</span>
        {status.pagesPerSecond !== null && (
          <span className="t12 ink3">
            {t("knowledge.pagesPerSecond", { value: format.number(status.pagesPerSecond, 1) })}
          </span>
        )}
        <Button
          size="sm"
          icon={status.paused ? "play" : "pause"}
          onClick={() => (status.paused ? resume : pause).mutate(collectionId)}
        >
          {status.paused ? t("knowledge.resume") : t("knowledge.pause")}
        </Button>
      </div>
      <span
        className="fit lg"
        role="img"
        aria-label={t("knowledge.barLabel", {
          ready: format.integer(files.ready),
          working: format.integer(files.working),
          failed: format.integer(files.failed),
          total: format.integer(files.total),
        })}
      >
        <i style={{ ...share(files.ready + files.skipped), background: "var(--ok)" }} />
        <i style={{ ...share(files.working), background: "var(--accent)" }} />
        <i style={{ ...share(files.failed), background: "var(--danger)" }} />
      </span>
    </section>
  );
}
