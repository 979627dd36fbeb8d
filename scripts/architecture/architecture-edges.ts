/** The plan of the house as data: who may import whom. The one source for the check and for the table in the README. */

export interface Room {
  readonly oneLine: string;
  /** Workspace packages its sources may import. */
  readonly mayImport: readonly string[];
}

const everyPackage = [
  "base",
  "contract",
  "rpc",
  "hardware",
  "model-library",
  "storage",
  "knowledge",
  "engine",
  "backend",
  "gateway",
  "ui",
  "testing",
] as const;

/** Packages of `packages/`, by name without the scope. One that is not here yet, or not there yet, is no error to plan for. */
export const packageRooms: Readonly<Record<(typeof everyPackage)[number], Room>> = {
  base: { oneLine: "errors, disposal, async tools, ids, clock; no DOM, no Node, no Electron", mayImport: [] },
  contract: { oneLine: "schemas, error table, contract by area; `./engine`, `./shell`", mayImport: ["base"] },
  rpc: { oneLine: "ports and links, peer-gone handling, error mapping, coalescing", mayImport: ["base"] },
  hardware: { oneLine: "probe, telemetry, fit advisor", mayImport: ["base", "contract"] },
  "model-library": { oneLine: "catalogue, downloads, GGUF validation, files on disk", mayImport: ["base", "contract"] },
  storage: { oneLine: "SQLite: open, key, migrate, back up; repositories", mayImport: ["base", "contract"] },
  knowledge: {
    oneLine: "parse, clean, chunk, embed, index, retrieve, cite",
    mayImport: ["base", "contract", "storage"],
  },
  engine: { oneLine: "node-llama-cpp behind `contract/engine`", mayImport: ["base", "contract", "rpc"] },
  backend: {
    oneLine: "services per area and the router that implements the contract",
    mayImport: ["base", "contract", "rpc", "hardware", "model-library", "storage", "knowledge"],
  },
  gateway: { oneLine: "the HTTP API", mayImport: ["base", "contract", "backend"] },
  ui: { oneLine: "the React interface; receives a client", mayImport: ["base", "contract", "rpc"] },
  testing: { oneLine: "test doubles and generators; dev only", mayImport: everyPackage },
};

/** Apps put the packages together: they may import all that ship. */
export const appRooms: Readonly<Record<string, Room>> = {
  desktop: { oneLine: "Electron: main, preload, processes, renderer", mayImport: everyPackage },
  server: { oneLine: "command line and web host", mayImport: everyPackage },
};

/** Only tests may import these packages, wherever they are. */
export const testOnlyPackages: readonly string[] = ["testing"];

export interface ModuleBan {
  readonly name: string;
  /** The module as it is written in an import. */
  readonly module: RegExp;
  /** Paths from the root where it is allowed. */
  readonly allowedIn: RegExp;
  readonly instead: string;
}

const tests =
  /\.test(-d)?\.tsx?$|\/src\/(.*\/)?(test|fixtures)\/|^e2e\/|^scripts\/|\/vite\.config\.ts$|electron\.vite\.config\.ts$/;

/** Modules that belong to one room. Tests, scripts and build configuration are free. */
export const moduleBans: readonly ModuleBan[] = [
  {
    name: "electron",
    module: /^electron(\/|$)/,
    allowedIn: /^apps\/desktop\//,
    instead: "ask for a capability, or pass what is needed in",
  },
  {
    name: "node-llama-cpp",
    module: /^node-llama-cpp(\/|$)/,
    allowedIn: /^packages\/engine\/|^packages\/testing\/src\/gguf\/native-probe-child\.ts$/,
    instead: "use contract/engine; foreign files stay out of this process",
  },
  {
    name: "SQLite driver",
    module: /^(better-sqlite3.*|node:sqlite|sqlite3)$/,
    allowedIn: /^packages\/storage\//,
    instead: "use a repository of @deskside/storage",
  },
  {
    name: "Node in portable code",
    module: /^node:|^(fs|path|os|http|https|net|tls|dns|child_process|worker_threads|crypto|stream|util)(\/|$)/,
    allowedIn: /^(?!packages\/(base|contract|ui)\/|packages\/rpc\/src\/(?!node\/)|apps\/[^/]+\/src\/(web|renderer)\/)/,
    instead: "pass it in; portable code runs in browsers too",
  },
  {
    name: "React",
    module: /^(react|react-dom|zustand)(\/|$)/,
    allowedIn: /^packages\/ui\/|^apps\/[^/]+\/src\/(web|renderer)\//,
    instead: "only the interface draws",
  },
  {
    name: "oRPC",
    module: /^@orpc\//,
    allowedIn: /^packages\/rpc\/|^packages\/contract\/|-router\.ts$|\/engine-server\.ts$/,
    instead: "use createClient and createServer of @deskside/rpc",
  },
  {
    name: "connections to other hosts",
    module: /^(node:)?(http|https|http2|net|tls|dns|dns\/promises|dgram)$|^(undici|ws|axios|got|node-fetch)(\/|$)/,
    allowedIn:
      /^packages\/backend\/src\/(egress|web-host)\/|^packages\/rpc\/src\/node\/|^packages\/testing\/src\/(fake-hub|postgres)\/|^packages\/knowledge\/src\/worker\/shut-ways-out\.ts$/,
    instead: "go through packages/backend/src/egress",
  },
].map((ban) => ({ ...ban, allowedIn: new RegExp(`${ban.allowedIn.source}|${tests.source}`) }));

export const limits = {
  /** Source files of one folder, without tests and declarations. */
  filesInFolder: 12,
  /** Lines of a file that are neither blank nor comment only. */
  linesInFile: 400,
  linesInTest: 800,
} as const;

/** Names that say nothing about what is inside. */
export const emptyNames: readonly string[] = [
  "util",
  "utils",
  "helper",
  "helpers",
  "common",
  "misc",
  "manager",
  "managers",
];
