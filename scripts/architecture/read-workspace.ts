import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { listFiles } from "../source-stamp.mjs";
import { readSource, type SourceFacts } from "./read-imports.ts";

export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** From the root, with slashes: "packages/base". */
  readonly folder: string;
  readonly kind: "package" | "app" | "other";
  /** "base" of "@deskside/base". */
  readonly shortName: string;
  readonly manifest: Manifest;
  readonly sources: readonly SourceFile[];
  /** Folders that its tsconfig.json refers to, from the root; undefined when it has none. */
  readonly references: readonly string[] | undefined;
}

export interface SourceFile extends SourceFacts {
  /** From the root, with slashes. */
  readonly path: string;
}

export const scope = "@deskside/";
const isSource = (path: string) => /\.(tsx?|mjs|mts|cts|cjs|jsx?)$/.test(path);

/** Reads every manifest, every project file and every source below `root`. */
export function readWorkspace(root: string): WorkspacePackage[] {
  const folders = ["apps", "packages"].flatMap((parent) => {
    const folder = join(root, parent);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  return [root, ...folders, join(root, "e2e")]
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => readPackage(root, folder));
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const path = toSlashes(relative(root, folder));
  // What the root itself has: its scripts and its configuration files.
  const files =
    folder === root
      ? [
          ...listFiles(join(root, "scripts"), isSource),
          ...readdirSync(root)
            .map((name) => join(root, name))
            .filter(isSource),
        ]
      : listFiles(folder, isSource);
  return {
    folder: path,
    kind: path.startsWith("packages/") ? "package" : path.startsWith("apps/") ? "app" : "other",
    shortName: basename(folder),
    manifest,
    sources: files.map((file) => {
      const name = toSlashes(relative(root, file));
      return { path: name, ...readSource(name, readFileSync(file, "utf8")) };
    }),
    references: readReferences(root, folder),
  };
}

/** References of the project, and of the projects beside it that it refers to ("./tsconfig.node.json"). */
function readReferences(root: string, folder: string): string[] | undefined {
  const file = join(folder, "tsconfig.json");
  if (!existsSync(file)) return undefined;
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (config: string) => {
    if (seen.has(config)) return;
    seen.add(config);
    const text = readFileSync(config, "utf8");
    for (const [, target] of text.matchAll(/"path"\s*:\s*"([^"]+)"/g)) {
      const path = join(folder, target ?? "");
      if (path.endsWith(".json") && toSlashes(path).startsWith(`${toSlashes(folder)}/`)) visit(path);
      else found.add(toSlashes(relative(root, path)));
    }
  };
  visit(file);
  return [...found];
}

function toSlashes(path: string): string {
  return path.split(sep).join("/");
}
