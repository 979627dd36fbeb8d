import { parseSync, Visitor } from "oxc-parser";

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

export interface SourceFacts {
  readonly imports: readonly Import[];
  /** Lines that are neither blank nor comment only. */
  readonly codeLines: number;
  readonly comments: readonly { readonly text: string; readonly line: number }[];
}

/** Every module a source names: static, dynamic, re-exported, required, or only for a type. Throws when it does not parse. */
export function readSource(path: string, text: string): SourceFacts {
  const { module, program, errors, comments } = parseSync(path, text);
  const [error] = errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  const lineAt = createLineFinder(text);
  const imports: Import[] = [];
  const add = (specifier: unknown, offset: number) => {
    if (typeof specifier === "string") imports.push({ specifier, line: lineAt(offset) });
  };
  for (const { moduleRequest, start } of module.staticImports) add(moduleRequest.value, start);
  for (const { entries } of module.staticExports) {
    for (const entry of entries) add(entry.moduleRequest?.value, entry.start);
  }
  new Visitor({
    ImportExpression: (node) => add(node.source.type === "Literal" ? node.source.value : undefined, node.start),
    TSImportType: (node) => add(node.source.value, node.start),
    CallExpression(node) {
      const [first] = node.arguments;
      if (first?.type === "Literal" && loadsModule(node.callee)) add(first.value, node.start);
    },
  }).visit(program);
  return {
    imports: removeRepeated(imports),
    codeLines: countCodeLines(text, comments),
    comments: comments.map(({ value, start }) => ({ text: value.trim(), line: lineAt(start) })),
  };
}

/** `require("x")`, `require.resolve("x")`, `process.getBuiltinModule("x")`. */
function loadsModule(callee: { type: string; name?: unknown; property?: unknown; object?: unknown }): boolean {
  if (callee.type === "Identifier") return callee.name === "require";
  if (callee.type !== "MemberExpression") return false;
  const property = (callee.property as { name?: unknown }).name;
  return property === "getBuiltinModule" || (property === "resolve" && isRequire(callee.object));
}

function isRequire(node: unknown): boolean {
  return (node as { name?: unknown }).name === "require";
}

function removeRepeated(imports: readonly Import[]): Import[] {
  return [...new Map(imports.map((found) => [`${found.line} ${found.specifier}`, found])).values()];
}

function createLineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}

function countCodeLines(text: string, comments: readonly { start: number; end: number }[]): number {
  let code = "";
  let from = 0;
  for (const { start, end } of comments) {
    code += text.slice(from, start) + text.slice(start, end).replace(/[^\n]/g, "");
    from = end;
  }
  return (code + text.slice(from)).split("\n").filter((line) => line.trim() !== "").length;
}
