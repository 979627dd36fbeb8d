import { posix } from "node:path";
import { emptyNames, limits } from "./architecture-edges.ts";
import { isTest, roomOf } from "./check-imports.ts";
import { type SourceFile, scope, type WorkspacePackage } from "./read-workspace.ts";

/** Does the manifest keep to the plan, and does the project file say the same as the manifest? */
export function checkManifest(owner: WorkspacePackage, packages: readonly WorkspacePackage[]): string[] {
  if (owner.kind === "other") return [];
  const room = roomOf(owner);
  if (!room) return [`${owner.folder} is not in the plan: add it to architecture-edges.ts, with an ADR`];
  const { dependencies, devDependencies, peerDependencies } = owner.manifest;
  const shipped = workspaceNames({ ...dependencies, ...peerDependencies });
  const all = workspaceNames({ ...dependencies, ...peerDependencies, ...devDependencies });
  const problems = (owner.kind === "app" ? all : shipped)
    .filter((name) => !room.mayImport.includes(name))
    .map((name) => `${owner.folder} depends on ${name}; it may import ${room.mayImport.join(", ") || "no package"}`);
  if (owner.manifest.name !== scope + owner.shortName)
    problems.push(`${owner.folder} is called ${owner.manifest.name} instead of ${scope}${owner.shortName}`);
  return [...problems, ...checkReferences(owner, all, packages)];
}

/** A package used through its source must be a reference, or its types are checked with the wrong settings. */
function checkReferences(
  owner: WorkspacePackage,
  names: readonly string[],
  packages: readonly WorkspacePackage[],
): string[] {
  if (owner.sources.length === 0) return [];
  const { references } = owner;
  if (!references) return [`${owner.folder} has sources and no tsconfig.json`];
  const used = new Set(owner.sources.flatMap((source) => source.imports.map((found) => found.specifier)));
  return names
    .filter((name) => [...used].some((specifier) => `${specifier}/`.startsWith(`${scope}${name}/`)))
    .flatMap((name) => packages.filter((candidate) => candidate.manifest.name === scope + name))
    .filter((target) => !references.some((path) => path === target.folder || path.startsWith(`${target.folder}/`)))
    .map((target) => `${owner.folder}/tsconfig.json does not refer to ${target.folder}, which it imports`);
}

function workspaceNames(dependencies: Readonly<Record<string, string>>): string[] {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length));
}

/** Sizes, names and switched-off checks of one file. */
export function checkFile({ path, codeLines, comments }: SourceFile): string[] {
  const limit = isTest(path) ? limits.linesInTest : limits.linesInFile;
  const problems = codeLines > limit ? [`${path} has ${codeLines} lines of code; ${limit} at most`] : [];
  const words = path.split(/[/.-]/);
  for (const word of words) {
    if (emptyNames.includes(word)) problems.push(`${path}: "${word}" says nothing; name it after what it does`);
  }
  if (/[A-Z_ ]/.test(path)) problems.push(`${path} is not in kebab-case`);
  for (const { text, line } of comments) {
    if (/^(oxlint|eslint|biome)-(disable|ignore)|^@ts-(ignore|nocheck)|^@ts-expect-error\s*$/.test(text))
      problems.push(`${path}:${line} switches a check off`);
  }
  return problems;
}

/** Folders that became too big to be looked through. */
export function checkFolders(sources: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of sources) {
    if (isTest(path) || path.endsWith(".d.ts")) continue;
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > limits.filesInFolder)
    .map(([folder, count]) => `${folder} has ${count} source files; ${limits.filesInFolder} at most`);
}

/** Packages that depend on themselves through others, tests included: such a workspace cannot be built in an order. */
export function findCycle(packages: readonly WorkspacePackage[]): string | undefined {
  const edges = new Map(
    packages.map(({ manifest }) => [
      manifest.name,
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) => name.startsWith(scope)),
    ]),
  );
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name].join(" → ");
    if (done.has(name)) return undefined;
    for (const next of edges.get(name) ?? []) {
      const cycle = visit(next, [...trail, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of edges.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
