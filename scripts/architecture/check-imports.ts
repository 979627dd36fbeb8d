import { posix } from "node:path";
import { appRooms, moduleBans, packageRooms, type Room, testOnlyPackages } from "./architecture-edges.ts";
import type { Import } from "./read-imports.ts";
import { type SourceFile, scope, type WorkspacePackage } from "./read-workspace.ts";

export function isTest(path: string): boolean {
  return /\.test(-d)?\.tsx?$/.test(path);
}

/** Test code is what only tests use: tests, journeys in a browser, and folders that say so. */
function isTestCode(path: string): boolean {
  return isTest(path) || /\.spec\.ts$|\/(test|testing|test-support|fixtures|dev)\//.test(path);
}

function isConfiguration(path: string): boolean {
  return /(^|\/)[a-z-]+(\.[a-z-]+)*\.config\.ts$/.test(path);
}

export function roomOf(owner: WorkspacePackage): Room | undefined {
  if (owner.kind === "package") return packageRooms[owner.shortName as keyof typeof packageRooms];
  return owner.kind === "app" ? appRooms[owner.shortName] : undefined;
}

/** What is wrong with the imports of one source file; each line names the file, the import and the rule. */
export function checkImports(
  owner: WorkspacePackage,
  source: SourceFile,
  packages: readonly WorkspacePackage[],
): string[] {
  return source.imports.flatMap((found) => {
    const problems = [
      ...checkBans(source.path, found),
      ...(found.specifier.startsWith(".") || found.specifier.startsWith("/")
        ? checkRelative(owner, source.path, found.specifier)
        : checkPackage(owner, source.path, found.specifier, packages)),
    ];
    return problems.map((problem) => `${source.path}:${found.line} imports "${found.specifier}": ${problem}`);
  });
}

function checkBans(path: string, { specifier }: Import): string[] {
  return moduleBans
    .filter((ban) => ban.module.test(specifier) && !ban.allowedIn.test(path))
    .map((ban) => `${ban.name} is not allowed here; ${ban.instead}`);
}

function checkRelative(owner: WorkspacePackage, path: string, specifier: string): string[] {
  const target = posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ""));
  const problems: string[] = [];
  if (owner.folder !== "" && !target.startsWith(`${owner.folder}/`))
    problems.push("leaves its package; import the package by name");
  if (!/\.[a-z0-9]+$/.test(target)) problems.push("names no file; write the extension");
  return problems;
}

function checkPackage(
  owner: WorkspacePackage,
  path: string,
  specifier: string,
  packages: readonly WorkspacePackage[],
): string[] {
  if (specifier.startsWith("node:") || /^(virtual|vite)\b/.test(specifier) || specifier.startsWith("data:")) {
    return specifier.startsWith("vite") && !isDeclared(owner, path, "vite", packages) ? ["is not declared"] : [];
  }
  const name = specifier.startsWith("@") ? specifier.split("/", 2).join("/") : (specifier.split("/")[0] ?? "");
  const problems: string[] = [];
  if (name !== owner.manifest.name && !isDeclared(owner, path, name, packages))
    problems.push(`"${name}" is not in ${owner.folder || "the root"}'s package.json where this file may use it`);
  if (name.startsWith(scope)) problems.push(...checkEdge(owner, path, name, specifier, packages));
  return problems;
}

/** Tests and configuration may use what is declared for development, here or at the root; apps are bundled. */
function isDeclared(
  owner: WorkspacePackage,
  path: string,
  name: string,
  packages: readonly WorkspacePackage[],
): boolean {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = owner.manifest;
  if (name in { ...dependencies, ...peerDependencies, ...optionalDependencies }) return true;
  const development = owner.kind !== "package" || isTestCode(path) || isConfiguration(path);
  if (!development) return false;
  const root = packages.find((candidate) => candidate.folder === "");
  return name in { ...devDependencies, ...(isTestCode(path) ? root?.manifest.devDependencies : {}) };
}

function checkEdge(
  owner: WorkspacePackage,
  path: string,
  name: string,
  specifier: string,
  packages: readonly WorkspacePackage[],
): string[] {
  const target = packages.find((candidate) => candidate.manifest.name === name);
  if (!target) return ["there is no such package"];
  const problems: string[] = [];
  const entry = specifier === name ? "." : `.${specifier.slice(name.length)}`;
  if (!(entry in (target.manifest.exports ?? {}))) problems.push(`${name} exports no "${entry}"`);
  if (target === owner || isTestCode(path)) return problems;
  const room = roomOf(owner);
  if (testOnlyPackages.includes(target.shortName)) problems.push("only tests may use it");
  else if (room && !room.mayImport.includes(target.shortName))
    problems.push(`${owner.shortName} may import ${room.mayImport.join(", ") || "no package"}`);
  return problems;
}
