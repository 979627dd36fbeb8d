import type { Source, TextRange } from "@deskside/contract";
import { useText } from "../../../i18n/use-text.ts";
import { classNames, Tooltip } from "../../../primitives/index.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";
import { useShowPage } from "../cited-page/use-show-page.ts";
import { useShowInspector } from "./use-show-inspector.ts";

/** The number of a passage. Pointing at it shows the sentence, a click shows it in the inspector, Enter opens the page. */
export function CiteChip(props: { messageId: string; statement: number; source: Source; range: TextRange }) {
  const { messageId, statement, source, range } = props;
  const { t } = useText();
  const isShown = useChatWindowStore(
    ({ cited }) => cited?.messageId === messageId && cited.source === source.n && cited.statement === statement,
  );
  const showSource = useChatWindowStore((state) => state.actions.showSource);
  const showInspector = useShowInspector();
  const showPage = useShowPage();
  const place =
    source.page === null
      ? source.document
      : t("chat.grounding.place", { document: source.document, page: source.page });
  return (
    <Tooltip
      side="top"
      text={
        <span className="cite-tip">
          <span className="sb">{place}</span>
          <span>{source.text.slice(range.start, range.end)}</span>
        </span>
      }
    >
      <button
        type="button"
        className={classNames("cite", isShown && "on")}
        aria-label={t("chat.grounding.chip", { n: source.n, place })}
        aria-pressed={isShown}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          showSource({ messageId, source: source.n, statement });
          showPage(messageId, source.n, range);
        }}
        onClick={() => {
          showSource({ messageId, source: source.n, statement });
          showInspector();
        }}
      >
        {source.n}
      </button>
    </Tooltip>
  );
}
