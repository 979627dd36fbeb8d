import type { Grounding, Message, Source, TextRange } from "@deskside/contract";
import { useEffect, useRef } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { classNames } from "../../../primitives/index.ts";
import { useShowPage } from "../cited-page/use-show-page.ts";
import { VerdictBadges } from "../grounding/verdict-badges.tsx";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import { RetrievalReport } from "./retrieval-report.tsx";

/** The passages an answer stands on, the sentences that carry it marked. */
export function SourcesPane({ message, grounding }: { message: Message; grounding: Grounding }) {
  const { t, format } = useText();
  const cited = useChatWindowStore((state) => (state.cited?.messageId === message.id ? state.cited : null));
  const { retrieval, sources } = grounding;
  return (
    <section className="col g8">
      <VerdictBadges grounding={grounding} />
      {sources.map((source) => (
        <SourceCard
          key={source.n}
          messageId={message.id}
          source={source}
          ranges={rangesOf(grounding, source.n, cited?.source === source.n ? cited.statement : null)}
          shown={cited?.source === source.n}
        />
      ))}
      <p className="t12 ink3">
        {t("chat.grounding.searched", {
          count: retrieval.files,
          ms: format.integer(Math.round(retrieval.ms)),
          used: sources.length,
          found: retrieval.hits.length,
        })}
      </p>
      <RetrievalReport retrieval={retrieval} />
    </section>
  );
}

/** Sentences of a source that the answer cites; with a statement, those of that statement alone. */
function rangesOf({ statements }: Grounding, n: number, statement: number | null): TextRange[] {
  const ranges = statements.flatMap(({ citations }, index) =>
    statement === null || index === statement ? citations.filter(({ source }) => source === n) : [],
  );
  const byStart = new Map(ranges.map(({ start, end }) => [start, { start, end }]));
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

function SourceCard(props: { messageId: string; source: Source; ranges: readonly TextRange[]; shown: boolean }) {
  const { messageId, source, ranges, shown } = props;
  const { t } = useText();
  const showPage = useShowPage();
  const showSource = useChatWindowStore((state) => state.actions.showSource);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) card.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  const [first] = ranges;
  return (
    <div className={classNames("source-card", shown && "on")} ref={card}>
      <div className="row g8">
        <button
          type="button"
          className={classNames("cite", shown && "on")}
          aria-pressed={shown}
          aria-label={t("chat.grounding.showPassage", { n: source.n })}
          onClick={() => showSource(shown ? null : { messageId, source: source.n, statement: -1 })}
        >
          {source.n}
        </button>
        <button
          type="button"
          className="source-name clip grow"
          title={t("chat.grounding.openDocument", { document: source.document })}
          onClick={() => showPage(messageId, source.n, first ?? { start: 0, end: source.text.length })}
        >
          {source.document}
        </button>
        {source.page !== null && (
          <span className="t12 ink3 nowrap">{t("chat.grounding.page", { page: source.page })}</span>
        )}
      </div>
      <p className="source-text">{marked(source.text, ranges)}</p>
    </div>
  );
}

/** Words before and after the marked sentences are cut where the passage is long. */
const around = 160;

function marked(text: string, ranges: readonly TextRange[]) {
  const [first] = ranges;
  const last = ranges.at(-1);
  const from = first ? Math.max(0, first.start - around) : 0;
  const to = last ? Math.min(text.length, last.end + around) : Math.min(text.length, 2 * around);
  const parts = [];
  let at = from;
  for (const { start, end } of ranges) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at, to));
  return (
    <>
      {from > 0 && "… "}
      {parts}
      {to < text.length && " …"}
    </>
  );
}
