import { resolve } from "node:path";
import {
  type CatalogueEntry,
  deskError,
  type HubRepository,
  type InstalledModel,
  type PullResult,
  type StoredModelInfo,
} from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { type DesksideClient, openSession } from "../../open-session.ts";
import { systemLanguages } from "../../report-failure.ts";
import { describeComparison } from "./compare-mirrors.ts";
import { modelAttachments } from "./model-attachments.ts";
import { pullModel } from "./pull-model.ts";
import { modelTokens } from "./model-tokens.ts";

export interface ModelsOptions {
  readonly dataDir: string;
  /** One of `actions`. */
  readonly action: string | undefined;
  readonly words: readonly string[];
  /** Id or base address of a hub. */
  readonly hub: string | null;
  readonly revision: string | null;
  /** Hosts in a private network that the hub may hand its files out from. */
  readonly fileHosts: readonly string[];
  readonly json: boolean;
}

const actions = [
  "list",
  "search",
  "show",
  "pull",
  "mirrors",
  "import",
  "verify",
  "test",
  "rollback",
  "remove",
] as const;
type Action = (typeof actions)[number];

const say = (line: string) => void process.stdout.write(`${line}\n`);
const format = () => createWords(systemLanguages()).format;

/**
 * `deskside models …`: finds, fetches, checks and removes models. `pull`, `mirrors`, and `search` and `show` with a
 * hub, are what uses the network. A file that is not as it should be sets the exit code 1. Throws what the backend throws.
 */
export async function models(options: ModelsOptions): Promise<void> {
  if (options.action === "token") return await modelTokens(options);
  if (options.action === "attach" || options.action === "detach" || options.action === "attachments")
    return await modelAttachments({ ...options, action: options.action });
  const action = actions.find((one) => one === (options.action ?? "list"));
  if (!action)
    throw deskError("USAGE", {
      problem: `models ${options.action}: there are ${actions.join(", ")}, token, attach, detach, attachments`,
    });
  const word = wordOf(action, options.words);
  await using session = await openSession(options.dataDir);
  const { client } = session;
  const asked = { ...options, client, word };
  if (action === "list") return await list(asked);
  if (action === "search") return await search(asked);
  if (action === "show") return await show(asked);
  if (action === "pull") return await pull(asked);
  if (action === "mirrors") return await mirrors(asked);
  if (action === "import") return print(asked, await client.library.importPath({ path: resolve(word) }), describeAll);
  if (action === "verify") return await verify(asked);
  if (action === "test") return await test(asked);
  if (action === "rollback")
    return print(asked, await client.library.useVersion({ modelId: word, version: null }), describeStored);
  return print(asked, await client.library.remove({ modelId: word }), ({ bytes }) => format().bytes(bytes));
}

type Asked = ModelsOptions & { readonly client: DesksideClient; readonly word: string };

const takesMany: readonly Action[] = ["search"];

function wordOf(action: Action, words: readonly string[]): string {
  if (action === "list" && words.length === 0) return "";
  const [word] = words;
  if (word === undefined) throw deskError("USAGE", { problem: `models ${action}: what?` });
  if (takesMany.includes(action)) return words.join(" ");
  if (action === "list" || words.length > 1)
    throw deskError("USAGE", { problem: `unexpected "${words[action === "list" ? 0 : 1]}"` });
  return word;
}

function print<T>({ json }: Pick<Asked, "json">, value: T, describe: (value: T) => string): void {
  say(json ? JSON.stringify(value) : describe(value));
}

async function list(asked: Asked): Promise<void> {
  print(asked, await asked.client.model.list(), (found) => found.map(describeInstalled).join("\n"));
}

/** The catalogue, which needs no network; with a hub, its own search. */
async function search(asked: Asked): Promise<void> {
  const { client, word, hub } = asked;
  if (hub !== null) {
    const hits = await client.library.search({ query: word, hub });
    return print(asked, hits, (found) =>
      found.map(({ repo, gated }) => `${repo}${gated ? " (gated)" : ""}`).join("\n"),
    );
  }
  const page = await client.library.catalogue({ text: word });
  print(asked, page, ({ entries, updated }) => [...entries.map(describeEntry), `(${updated})`].join("\n"));
}

/** A stored model, any other installed one or file, or a repository. */
async function show(asked: Asked): Promise<void> {
  const { client, word, hub, revision } = asked;
  const installed = (await client.model.list()).find(({ id }) => id === word);
  const isRepository = hub !== null || (!installed && /^[\w-][\w.-]*\/[\w.-]+$/.test(word));
  if (isRepository)
    return print(asked, await client.library.describe({ repo: word, hub, revision }), describeRepository);
  if (installed && !installed.builtIn)
    return print(asked, await client.library.show({ modelId: word }), describeStored);
  const modelId = installed ? word : resolve(word);
  print(asked, await client.library.facts({ modelId }), (facts) => {
    const { architecture, quantization, contextSize, licence, fileBytes } = facts;
    return [architecture, quantization, contextSize, licence, format().bytes(fileBytes)].join("  ");
  });
}

async function verify(asked: Asked): Promise<void> {
  const report = await asked.client.library.verify({ modelId: asked.word });
  print(asked, report, ({ ok, file, sha256, expected }) => `${ok ? "ok" : `expected ${expected}`}  ${sha256}  ${file}`);
  if (!report.ok) process.exitCode = 1;
}

async function test(asked: Asked): Promise<void> {
  const report = await asked.client.library.test({ modelId: asked.word });
  print(asked, report, ({ passed, step, detail, tokensPerSecond }) =>
    passed ? `ok${tokensPerSecond === null ? "" : `  ${format().speed(tokensPerSecond)}`}` : `${step}: ${detail}`,
  );
  if (!report.passed) process.exitCode = 1;
}

async function pull(asked: Asked): Promise<void> {
  const { client, word, hub, revision, fileHosts } = asked;
  print(asked, await pullModel(client, { repo: word, hub, revision, fileHosts: [...fileHosts] }), describePull);
}

async function mirrors(asked: Asked): Promise<void> {
  const { client, word, revision } = asked;
  print(asked, await client.library.compareHubs({ repo: word, revision }), describeComparison);
}

function describePull({ id, file, bytes, sha256, revision, source }: PullResult): string {
  return `${id}\n  ${file}\n  ${format().bytes(bytes)}, SHA-256 ${sha256}\n  ${revision}, ${source}`;
}

function describeInstalled(model: InstalledModel): string {
  const { id, quantization, sizeBytes, role, problem } = model;
  return `${id}  ${quantization ?? ""}  ${format().bytes(sizeBytes)}  ${role}${problem ? `  ${problem.code}` : ""}`;
}

function describeEntry({ id, best, licence, files }: CatalogueEntry): string {
  const file = files.find(({ quantization }) => quantization === best);
  const fit = file?.fit ? `  ${best} ${file.fit.grade}` : "";
  return `${id}  ${licence.id ?? "?"}${fit}  ${file?.repo ?? files[0]?.repo ?? ""}`;
}

function describeRepository({ repo, revision, licence, files }: HubRepository): string {
  const lines = files.map(({ path, quantization, sizeBytes }) => {
    return `  ${quantization ?? "?"}  ${format().bytes(sizeBytes)}  ${path}`;
  });
  return [`${repo}  ${revision}  ${licence ?? "?"}`, ...lines].join("\n");
}

function describeStored(model: StoredModelInfo): string {
  const { id, path, diskBytes, versions, problem } = model;
  const lines = versions.map(({ state, revision, sha256 }) => `  ${state}  ${revision ?? "–"}  ${sha256 ?? "–"}`);
  return [`${id}  ${format().bytes(diskBytes)}  ${path ?? ""}${problem ? `  ${problem.code}` : ""}`, ...lines].join(
    "\n",
  );
}

function describeAll(found: readonly StoredModelInfo[]): string {
  return found.map(describeStored).join("\n");
}
