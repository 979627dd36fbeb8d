import type { Statement } from "@deskside/contract";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { citeTarget, remarkWithoutHtml, withCiteMarks } from "../../../markdown/index.ts";

export interface ExportRun {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
  readonly code?: true;
  /** `number`: of a passage. `missing`: words no passage contains. `unsupported`: mark behind such a statement. */
  readonly cite?: "number" | "missing" | "unsupported";
}

export type ExportBlock =
  | { readonly kind: "heading"; readonly level: number; readonly runs: readonly ExportRun[] }
  | { readonly kind: "paragraph" | "quote"; readonly runs: readonly ExportRun[] }
  | {
      readonly kind: "item";
      /** 0 = outermost. */
      readonly depth: number;
      /** Null = a bullet. */
      readonly number: number | null;
      readonly runs: readonly ExportRun[];
    }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "table"; readonly rows: readonly (readonly (readonly ExportRun[])[])[] };

const reader = unified().use(remarkWithoutHtml).use(remarkParse).use(remarkGfm, { singleTilde: false });

type BlockNode = ReturnType<typeof reader.parse>["children"][number];
type InlineNode = Extract<BlockNode, { type: "paragraph" }>["children"][number];

/** In no text a model writes: the address of a mark is known only to this reading. */
const token = "export0";

/** The blocks of an answer, numbers and marks of its statements in their places. */
export function readBlocks(text: string, statements: readonly Statement[]): ExportBlock[] {
  // A link of this form in the answer itself would be read as one of ours.
  const marked = withCiteMarks(text.replaceAll(`#cite-${token}`, "#"), shifted(text, statements), token);
  return reader.parse(marked).children.flatMap((node) => blocksOf(node, 0));
}

/** Nothing is shifted unless the answer holds such a link; then its statements cannot be placed and carry no mark. */
function shifted(text: string, statements: readonly Statement[]): readonly Statement[] {
  return text.includes(`#cite-${token}`) ? [] : statements;
}

function blocksOf(node: BlockNode, depth: number): ExportBlock[] {
  switch (node.type) {
    case "heading":
      return [{ kind: "heading", level: node.depth, runs: runsOf(node.children) }];
    case "paragraph":
      return [{ kind: "paragraph", runs: runsOf(node.children) }];
    case "blockquote":
      return node.children
        .flatMap((child) => blocksOf(child, depth))
        .map((block) => (block.kind === "paragraph" ? { ...block, kind: "quote" } : block));
    case "list":
      return node.children.flatMap((item, index) =>
        item.children.flatMap((child, at): ExportBlock[] => {
          if (child.type !== "paragraph") return blocksOf(child, depth + 1);
          const number = node.ordered && at === 0 ? (node.start ?? 1) + index : null;
          return [{ kind: "item", depth, number, runs: runsOf(child.children) }];
        }),
      );
    case "code":
      return [{ kind: "code", text: node.value }];
    case "table":
      return [{ kind: "table", rows: node.children.map((row) => row.children.map((cell) => runsOf(cell.children))) }];
    default:
      return "value" in node && node.value !== "" ? [{ kind: "paragraph", runs: [{ text: node.value }] }] : [];
  }
}

function runsOf(nodes: readonly InlineNode[], style: Omit<ExportRun, "text"> = {}): ExportRun[] {
  return nodes.flatMap((node): ExportRun[] => {
    switch (node.type) {
      case "text":
        return [{ ...style, text: node.value }];
      case "inlineCode":
        return [{ ...style, code: true, text: node.value }];
      case "strong":
        return runsOf(node.children, { ...style, bold: true });
      case "emphasis":
        return runsOf(node.children, { ...style, italic: true });
      case "break":
        return [{ ...style, text: "\n" }];
      case "link": {
        const target = citeTarget(node.url, token);
        if (target === null) return runsOf(node.children, style);
        if (target.kind === "missing") return runsOf(node.children, { ...style, cite: "missing" });
        return [{ text: textOf(node.children), cite: target.kind === "source" ? "number" : "unsupported" }];
      }
      default:
        return "children" in node
          ? runsOf(node.children, style)
          : "value" in node
            ? [{ ...style, text: node.value }]
            : [];
    }
  });
}

function textOf(nodes: readonly InlineNode[]): string {
  return runsOf(nodes)
    .map(({ text }) => text)
    .join("");
}
