import { useState } from "react";
import { useEngineStore, useNavigationStore } from "../../../app/client-context.tsx";
import { selectLeadEngine } from "../../../app/state/engine-store.ts";
import { describeLoadCause } from "../../../i18n/describe-hardware.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Banner, Button } from "../../../primitives/index.ts";
import { planWords } from "../../hardware/plan-words.ts";

/** The model runs, but not as planned: what failed, what is used now, and the better fix. Until it is closed. */
export function LoadNotices() {
  const text = useText();
  const { t } = text;
  const engine = useEngineStore(selectLeadEngine);
  const { open } = useNavigationStore((state) => state.actions);
  const [closed, setClosed] = useState<string | null>(null);
  const last = engine?.notices.at(-1);
  if (!engine?.model || !last || engine.phase === "off" || engine.phase === "gave-up") return null;
  const key = `${engine.engineId}/${engine.model.id}/${engine.notices.length}/${last.cause}`;
  if (closed === key) return null;
  const { what, remedy } = describeLoadCause(last.cause, text);
  const loaded = engine.phase === "ready" || engine.phase === "answering";
  const change = t("hardware.notice.fell", {
    next: planWords(engine.plan ?? last.next, text),
    failed: planWords(engine.notices[0]?.failed ?? last.failed, text),
  });
  return (
    <Banner
      wide
      tone="warn"
      title={t(loaded ? "hardware.notice.title" : "hardware.notice.titleLoading", { model: engine.model.name })}
      actions={
        <Button size="sm" onClick={() => open({ section: "settings", id: "hardware" })}>
          {t("hardware.notice.open")}
        </Button>
      }
      onClose={() => setClosed(key)}
    >
      {[
        what,
        change,
        engine.notices.length > 1 ? t("hardware.notice.more", { count: engine.notices.length }) : null,
        remedy,
      ]
        .filter(Boolean)
        .join(text.language === "en" ? " " : "")}
    </Banner>
  );
}
