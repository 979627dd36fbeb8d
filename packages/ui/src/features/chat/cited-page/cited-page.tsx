import type { Grounding, Source, TextRange } from "@deskside/contract";
import { lazy, Suspense } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useDocument } from "../../../app/data/use-knowledge.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, IconButton } from "../../../primitives/index.ts";
import { documentRoute } from "../../documents/document-routes.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import { citationsOf } from "./citations-of.ts";

const CitedDocument = lazy(async () => ({
  default: (await import("../../documents/index.ts")).CitedDocument,
}));

export interface CitedPageProps {
  messageId: string;
  grounding: Grounding;
  source: Source;
  range: TextRange;
}

/** The page a statement stands on, beside the answer; its arrows step through all citations of the answer. */
export function CitedPage({ messageId, grounding, source, range }: CitedPageProps) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { showPage, showSource } = useChatWindowStore((state) => state.actions);
  const { data: document } = useDocument(source.documentId);
  const citations = citationsOf(grounding);
  const position = citations.findIndex((one) => one.source.n === source.n && one.range.start === range.start);
  const step = (by: 1 | -1) => {
    // A passage that is not cited stands before the first one and behind the last one.
    const next = position < 0 && by < 0 ? citations.at(-1) : citations[position + by];
    if (!next) return;
    showPage({ messageId, source: next.source.n, range: next.range });
    showSource({ messageId, source: next.source.n, statement: next.statement });
  };
  const name = source.document.split("/").at(-1) ?? source.document;
  return (
    <section
      className="cited-page"
      aria-label={t("chat.grounding.pageOf", { document: name })}
      onKeyDown={(event) => {
        if (!event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        step(event.key === "ArrowUp" ? -1 : 1);
      }}
    >
      <div className="head">
        <span className="cite on">{source.n}</span>
        <h2 className="clip grow" title={source.document}>
          {name}
        </h2>
        {(document?.replaced ?? 0) > 0 && <Badge icon="mask">{t("knowledge.viewer.replaced")}</Badge>}
        <IconButton
          icon="external"
          label={t("chat.grounding.openInDocuments")}
          onClick={() => open(documentRoute({ documentId: source.documentId, passage: source.passageId, range }))}
        />
        <IconButton icon="close" label={t("chat.grounding.closePage")} onClick={() => showPage(null)} />
      </div>
      <Suspense fallback={null}>
        <CitedDocument
          key={source.documentId}
          source={source}
          range={range}
          tools={citations.length > 0 && <CitationSteps position={position} total={citations.length} onStep={step} />}
        />
      </Suspense>
    </section>
  );
}

/** `position` counts from 0; −1 = not cited. */
function CitationSteps(props: { position: number; total: number; onStep: (by: 1 | -1) => void }) {
  const { position, total, onStep } = props;
  const { t } = useText();
  return (
    <span className="row g4 nowrap">
      <span className="t12 ink2 num" aria-live="polite">
        {position < 0 ? t("chat.grounding.uncited") : t("chat.grounding.citation", { position: position + 1, total })}
      </span>
      <IconButton
        icon="chevron-up"
        label={t("chat.grounding.previousCitation")}
        shortcut="Alt+ArrowUp"
        disabled={position === 0}
        onClick={() => onStep(-1)}
      />
      <IconButton
        icon="chevron-down"
        label={t("chat.grounding.nextCitation")}
        shortcut="Alt+ArrowDown"
        disabled={position === total - 1}
        onClick={() => onStep(1)}
      />
    </span>
  );
}
