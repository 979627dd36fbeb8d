import { Component, memo, type ReactNode, useMemo } from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { useText } from "../../i18n/use-text.ts";
import { protectMath, remarkFormulas } from "../math/protect-math.ts";
import { repairTail } from "../split/repair-tail.ts";
import { BlockContext } from "./block-context.ts";
import { allowedElements, elements } from "./elements.tsx";
import { remarkFootnoteMarks, remarkLineBreaks, remarkWithoutHtml } from "./remark-plugins.ts";

/** Longest block that is read as Markdown, in characters. Code is exempt: reading it costs little. */
const maxBlockLength = 30_000;
/** So many quote or list marks at the start of a line are no text that anybody wrote to be read. */
const tooDeep = /^(?:[ \t]{0,8}(?:>|[-*+]|\d{1,9}[.)])){40}/m;
const tooManyBrackets = /[[\]]{200}/;

export interface MarkdownBlockProps {
  source: string;
  /** Definitions that the block refers to, as Markdown. */
  definitions: string;
  growing: boolean;
}

/** One block of an answer. It renders again only when its own text changes. */
export const MarkdownBlock = memo(function MarkdownBlock({ source, definitions, growing }: MarkdownBlockProps) {
  const isCode = /^\s*(?:`{3}|~{3})/.test(source);
  if ((!isCode && source.length > maxBlockLength) || tooDeep.test(source) || tooManyBrackets.test(source)) {
    return <PlainBlock source={source} />;
  }
  return <ParsedBlock source={source} definitions={definitions} growing={growing} />;
});

function ParsedBlock({ source, definitions, growing }: MarkdownBlockProps) {
  const { text, formulas } = protectMath(definitions + (growing ? repairTail(source) : source));
  const length = text.trimEnd().length;
  const state = useMemo(() => ({ growing, length }), [growing, length]);
  return (
    <BlockContext value={state}>
      <PlainOnFailure source={source}>
        <ReactMarkdown
          remarkPlugins={[
            remarkWithoutHtml,
            [remarkGfm, { singleTilde: false }],
            remarkFormulas(formulas),
            remarkFootnoteMarks,
            remarkLineBreaks,
          ]}
          components={elements}
          allowedElements={allowedElements}
          unwrapDisallowed
          // Nothing with an address reaches the page except through SafeLink and SafeImage, which check it.
          urlTransform={(url, key) => (key === "href" || key === "src" ? url : "")}
        >
          {text}
        </ReactMarkdown>
      </PlainOnFailure>
    </BlockContext>
  );
}

function PlainBlock({ source }: { source: string }) {
  const { t } = useText();
  return (
    <div>
      <p className="t12 ink3">{t("chat.markdown.plain")}</p>
      <p className="md-plain">{source}</p>
    </div>
  );
}

/** Text that breaks the parser is still text: it is shown as it is. */
class PlainOnFailure extends Component<{ source: string; children: ReactNode }, { failedOn: string | null }> {
  override state: { failedOn: string | null } = { failedOn: null };

  static getDerivedStateFromError(): { failedOn: string } {
    return { failedOn: "" };
  }

  override componentDidCatch(): void {
    this.setState({ failedOn: this.props.source });
  }

  override componentDidUpdate(): void {
    const { failedOn } = this.state;
    if (failedOn !== null && failedOn !== "" && failedOn !== this.props.source) this.setState({ failedOn: null });
  }

  override render(): ReactNode {
    return this.state.failedOn === null ? this.props.children : <PlainBlock source={this.props.source} />;
  }
}
