import type { SelfTestEvent } from "@deskside/contract";
import { isCancellation } from "@deskside/base";
import { useEffect, useRef, useState } from "react";
import { useClient, useNavigationStore } from "../../../app/client-context.tsx";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, ProgressBar } from "../../../primitives/index.ts";
import { documentRoute } from "../document-routes.ts";

/** Asks questions made from the collection's own passages and counts how many find their passage again. */
export function SelfTest({ collectionId }: { collectionId: string }) {
  const { t } = useText();
  const client = useClient();
  const showError = useErrorToast();
  const [event, setEvent] = useState<SelfTestEvent | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    const controller = new AbortController();
    running.current = controller;
    setEvent({ type: "progress", done: 0, total: 0 });
    try {
      const events = await client.knowledge.selfTest({ collectionId }, { signal: controller.signal });
      for await (const next of events) setEvent(next);
    } catch (error) {
      setEvent(null);
      if (!isCancellation(error, controller.signal)) showError(error);
    }
  };
  return (
    <section className="col g8">
      <div className="row g8">
        <span className="med grow">{t("knowledge.selfTest")}</span>
        {event?.type === "progress" ? (
          <Button size="sm" onClick={() => running.current?.abort()}>
            {t("common.cancel")}
          </Button>
        ) : (
          <Button size="sm" onClick={() => void run()}>
            {t("knowledge.selfTestRun")}
          </Button>
        )}
      </div>
      <p className="t12 ink3">{t("knowledge.selfTestHint")}</p>
      {event?.type === "progress" && (
        <ProgressBar value={event.total === 0 ? null : event.done / event.total} label={t("knowledge.selfTest")} />
      )}
      {event?.type === "done" && <Outcome event={event} />}
    </section>
  );
}

function Outcome({ event }: { event: Extract<SelfTestEvent, { type: "done" }> }) {
  const { t, format } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <div className="col g6" role="status">
      <p>
        {t("knowledge.selfTestResult", {
          count: event.questions,
          first: format.percent(event.recallAt1),
          five: format.percent(event.recallAt5),
        })}
      </p>
      {event.weak.length > 0 && <div className="label">{t("knowledge.weakFiles")}</div>}
      {event.weak.map((file) => (
        <div key={file.documentId} className="row g8 t12">
          <button
            type="button"
            className="source-name clip grow"
            onClick={() => open(documentRoute({ documentId: file.documentId }))}
          >
            {file.document}
          </button>
          <span className="ink3 num">{format.percent(file.recallAt5)}</span>
        </div>
      ))}
    </div>
  );
}
