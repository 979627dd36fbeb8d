import { normalizeLabel } from "../split/definitions.ts";

export interface MarkdownNode {
  type: string;
  value?: string;
  label?: string | null;
  identifier?: string;
  children?: MarkdownNode[];
  data?: { hName?: string; hProperties?: Record<string, string> };
}

/** Tags are text: the parser does not even see them as HTML. */
export function remarkWithoutHtml(this: { data(): object }): undefined {
  const data = this.data() as { micromarkExtensions?: unknown[] };
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({ disable: { null: ["htmlFlow", "htmlText"] } });
}

/** `<br>` is the one tag that models write for good reason: in cells of tables there is no other line break. */
export function remarkLineBreaks() {
  return (tree: MarkdownNode) => mapChildren(tree, breakLines);
}

function breakLines(node: MarkdownNode): MarkdownNode[] {
  if (node.type !== "text" || node.value === undefined || !/<br\s*\/?>/i.test(node.value)) return [node];
  return node.value
    .split(/<br\s*\/?>/i)
    .flatMap((value, index) =>
      index === 0 ? [{ type: "text", value }] : [{ type: "break" }, { type: "text", value }],
    );
}

/** Footnotes are numbered and listed for the whole answer, not in each block: marks become `sup`, definitions go. */
export function remarkFootnoteMarks() {
  return (tree: MarkdownNode) => mapChildren(tree, markFootnote);
}

function markFootnote(node: MarkdownNode): MarkdownNode[] {
  if (node.type === "footnoteDefinition") return [];
  if (node.type !== "footnoteReference") return [node];
  const label = normalizeLabel(node.label ?? node.identifier ?? "");
  return [{ type: "footnoteMark", data: { hName: "sup", hProperties: { dataNote: label } } }];
}

function mapChildren(node: MarkdownNode, map: (child: MarkdownNode) => MarkdownNode[]): void {
  if (!node.children) return;
  node.children = node.children.flatMap(map);
  for (const child of node.children) mapChildren(child, map);
}
