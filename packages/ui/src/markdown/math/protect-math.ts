import { findMath } from "./math-segments.ts";

/** Formulas taken out of Markdown before it is parsed: neither `_` nor `|` nor `\` in them may be read as markup. */
export interface ProtectedMath {
  text: string;
  formulas: readonly { source: string; tex: string; display: boolean }[];
}

const open = "\uE000";
const close = "\uE001";
const placeholder = /\uE000(\d+)\uE001/g;

export function protectMath(source: string): ProtectedMath {
  // Text that already holds our marks could forge them.
  const segments = source.includes(open) ? [] : findMath(source);
  if (segments.length === 0) return { text: source, formulas: [] };
  let text = "";
  let at = 0;
  segments.forEach((segment, index) => {
    text += `${source.slice(at, segment.from)}${open}${index}${close}`;
    at = segment.to;
  });
  return {
    text: text + source.slice(at),
    formulas: segments.map((segment) => ({ ...segment, source: source.slice(segment.from, segment.to) })),
  };
}

interface TreeNode {
  type: string;
  value?: string;
  children?: TreeNode[];
  data?: unknown;
}

const restorable = ["value", "url", "title", "alt", "label", "identifier", "lang", "meta"] as const;

/** Remark plugin: text nodes get formula nodes back, every other place (code, addresses) its source. */
export function remarkFormulas(formulas: ProtectedMath["formulas"]) {
  return () => (tree: TreeNode) => {
    if (formulas.length > 0) visit(tree, formulas);
  };
}

function visit(node: TreeNode, formulas: ProtectedMath["formulas"]): void {
  if (node.children) {
    node.children = node.children.flatMap((child) =>
      child.type === "text" && child.value?.includes(open) ? splitText(child.value, formulas) : [child],
    );
    for (const child of node.children) visit(child, formulas);
  }
  const fields = node as unknown as Record<string, unknown>;
  for (const field of restorable) {
    const value = fields[field];
    if (typeof value === "string" && value.includes(open)) {
      fields[field] = value.replace(placeholder, (mark, index: string) => formulas[Number(index)]?.source ?? mark);
    }
  }
}

function splitText(value: string, formulas: ProtectedMath["formulas"]): TreeNode[] {
  const nodes: TreeNode[] = [];
  let at = 0;
  for (const found of value.matchAll(placeholder)) {
    const formula = formulas[Number(found[1])];
    if (!formula) continue;
    if (found.index > at) nodes.push({ type: "text", value: value.slice(at, found.index) });
    nodes.push({
      type: "formula",
      data: {
        hName: "span",
        hProperties: { dataTex: formula.tex, dataDisplay: formula.display ? "block" : "inline" },
      },
    });
    at = found.index + found[0].length;
  }
  if (at < value.length) nodes.push({ type: "text", value: value.slice(at) });
  return nodes;
}
