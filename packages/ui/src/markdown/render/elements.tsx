import { type ComponentProps, type ReactNode, useContext } from "react";
import type { Components, ExtraProps } from "react-markdown";
import { useText } from "../../i18n/use-text.ts";
import { Icon } from "../../primitives/index.ts";
import { CiteContext } from "../cite/cite-context.ts";
import { citeTarget } from "../cite/cite-marks.ts";
import { CodeBlock } from "../code/code-block.tsx";
import { MermaidDiagram } from "../diagram/mermaid-diagram.tsx";
import { SafeImage } from "../link/safe-image.tsx";
import { SafeLink } from "../link/safe-link.tsx";
import { Formula } from "../math/formula.tsx";
import { footnoteNumber } from "../split/definitions.ts";
import { DataTable } from "../table/data-table.tsx";
import { BlockContext, FootnoteContext } from "./block-context.ts";

type Element = NonNullable<ExtraProps["node"]>;

/** Everything Markdown may become. What is not named here is unwrapped to its text. */
export const allowedElements = [
  ...["p", "strong", "em", "del", "code", "pre", "a", "img", "ul", "ol", "li", "input", "blockquote", "hr", "br"],
  ...["table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6", "sup", "span"],
];

/** Headings start below those of the page; their size follows the level that the model chose. */
export const elements: Components = {
  h1: ({ children }) => <h3 className="md-h1">{children}</h3>,
  h2: ({ children }) => <h3 className="md-h2">{children}</h3>,
  h3: ({ children }) => <h3>{children}</h3>,
  h4: ({ children }) => <h4>{children}</h4>,
  h5: ({ children }) => <h4>{children}</h4>,
  h6: ({ children }) => <h4>{children}</h4>,
  a: ({ href, children }) => <LinkOrCitation href={href ?? ""}>{children}</LinkOrCitation>,
  img: ({ src, alt }) => <SafeImage src={typeof src === "string" ? src : ""} alt={alt ?? ""} />,
  table: ({ children }) => <DataTable>{children}</DataTable>,
  th: ({ style, children }) => <th className={alignment(style)}>{children}</th>,
  td: ({ style, children }) => <td className={alignment(style)}>{children}</td>,
  pre: Preformatted,
  input: TaskMark,
  sup: FootnoteMark,
  span: FormulaMark,
  ul: ({ className, children }) => <ul className={className}>{children}</ul>,
  li: ({ className, children }) => <li className={className}>{children}</li>,
};

function LinkOrCitation({ href, children }: { href: string; children: ReactNode }) {
  const { token, render } = useContext(CiteContext);
  const target = citeTarget(href, token);
  return target === null ? <SafeLink href={href}>{children}</SafeLink> : render(target, children);
}

function alignment(style: ComponentProps<"td">["style"]): string | undefined {
  if (style?.textAlign === "right") return "r";
  return style?.textAlign === "center" ? "c" : undefined;
}

function Preformatted({ node }: ExtraProps) {
  const { growing, length } = useContext(BlockContext);
  const open = growing && (node?.position?.end.offset ?? length) >= length;
  const code = node?.children[0];
  if (code?.type !== "element") return null;
  const source = textOf(code).replace(/\n$/, "");
  const language = languageOf(code);
  if (language === "mermaid" && !open) return <MermaidDiagram source={source} />;
  return <CodeBlock code={source} language={language} growing={open} />;
}

function textOf(element: Element): string {
  return element.children
    .map((child) => (child.type === "text" ? child.value : child.type === "element" ? textOf(child) : ""))
    .join("");
}

function languageOf(code: Element): string {
  const names = code.properties["className"];
  const name = Array.isArray(names) ? names.find((value) => String(value).startsWith("language-")) : undefined;
  return name === undefined ? "" : String(name).slice("language-".length);
}

function TaskMark({ checked }: ComponentProps<"input">) {
  const { t } = useText();
  const done = checked === true;
  return (
    <span
      className={done ? "check on" : "check"}
      role="img"
      aria-label={done ? t("chat.markdown.done") : t("chat.markdown.open")}
    >
      {done && <Icon name="check" size={12} />}
    </span>
  );
}

function FootnoteMark({ node, children }: ComponentProps<"sup"> & ExtraProps) {
  const { t } = useText();
  const { definitions, idPrefix } = useContext(FootnoteContext);
  const label = node?.properties["dataNote"];
  const number = typeof label === "string" ? footnoteNumber(definitions, label) : 0;
  if (number === 0) return <sup>{children}</sup>;
  return (
    <button
      type="button"
      className="cite"
      id={`${idPrefix}mark-${number}`}
      aria-label={t("chat.markdown.footnote", { number })}
      onClick={() => reveal(`${idPrefix}note-${number}`)}
    >
      {number}
    </button>
  );
}

/** Brings an element of this answer into view and gives it the focus. */
export function reveal(id: string): void {
  const element = document.getElementById(id);
  element?.scrollIntoView({ block: "nearest" });
  element?.focus({ preventScroll: true });
}

function FormulaMark({ node, children }: ComponentProps<"span"> & ExtraProps) {
  const tex = node?.properties["dataTex"];
  if (typeof tex !== "string") return <span>{children}</span>;
  return <Formula tex={tex} display={node?.properties["dataDisplay"] === "block"} />;
}
