import { resolve } from "node:path";
import { createInterface } from "node:readline";
import {
  type Collection,
  deskError,
  type IngestStatus,
  type KnowledgeDocument,
  type SearchHit,
} from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { type DesksideClient, openSession } from "../open-session.ts";
import { systemLanguages } from "../report-failure.ts";
import { createStatusLine } from "../status-line.ts";

export interface DocsOptions {
  readonly dataDir: string;
  readonly action: string | undefined;
  readonly words: readonly string[];
  readonly limit: number | null;
  /** Ends when the files are queued. */
  readonly noWait: boolean;
  /** Kinds of personal data are replaced in a collection that `add` makes. */
  readonly scrub: boolean;
  /** Collections of the team's server alone; `add` makes one there. */
  readonly server: boolean;
  readonly json: boolean;
}

const actions = ["add", "list", "status", "search", "remove"] as const;
const say = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * `deskside docs …`: collections of documents. Files that could not be read set the exit code 1. Throws what the
 * backend throws.
 */
export async function docs(options: DocsOptions): Promise<void> {
  const action = actions.find((one) => one === (options.action ?? "list"));
  if (!action) throw deskError("USAGE", { problem: `docs ${options.action}: there are ${actions.join(", ")}` });
  const [name, ...rest] = options.words;
  if (action !== "list" && name === undefined) throw deskError("USAGE", { problem: "the collection is missing" });
  await using session = await openSession(options.dataDir);
  const { client } = session;
  const collections = await listed(options, client);
  if (action === "list") return list(options, collections);
  if (action === "add")
    return await add(options, client, await findOrMake(options, client, collections, name as string), rest);
  const collection = find(collections, name as string);
  if (action === "status") return await status(options, client, collection);
  if (action === "search") return await search(options, client, collection, rest);
  return await remove(options, client, collection, rest);
}

/** With `--server` those there, or why it cannot be asked: the list of everything shows what answers. */
async function listed({ server }: DocsOptions, client: DesksideClient): Promise<readonly Collection[]> {
  if (server) await client.knowledge.server.test({});
  const collections = await client.knowledge.collections.list();
  return server ? collections.filter(({ place }) => place === "server") : collections;
}

/** By name or id. Throws COLLECTION_NOT_FOUND. */
export function find(collections: readonly Collection[], name: string): Collection {
  const found = collections.find((one) => one.name === name) ?? collections.find((one) => one.id === name);
  if (!found) throw deskError("COLLECTION_NOT_FOUND", { collection: name });
  return found;
}

async function findOrMake(
  { scrub, server }: DocsOptions,
  client: DesksideClient,
  collections: readonly Collection[],
  name: string,
): Promise<Collection> {
  const known = collections.find((one) => one.name === name || one.id === name);
  if (known) return known;
  const all = ["id-number", "mobile", "landline", "bank-card", "email", "passport", "credit-code"] as const;
  const place = server ? "server" : "here";
  return client.knowledge.collections.create({ name, place, settings: { scrub: scrub ? [...all] : [] } });
}

function list({ json }: DocsOptions, collections: readonly Collection[]): void {
  if (json) return say(JSON.stringify({ collections }));
  for (const { name, place, files, passages } of collections)
    say(`${name}\t${files.ready}/${files.total}\t${passages}\t${place}`);
}

async function add(
  options: DocsOptions,
  client: DesksideClient,
  collection: Collection,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) throw deskError("USAGE", { problem: "the files or folders are missing" });
  const { id: collectionId } = collection;
  const added = await client.knowledge.documents.add({ collectionId, paths: paths.map((path) => resolve(path)) });
  if (options.noWait) {
    if (options.json) return say(JSON.stringify({ queued: added.length }));
    return say(String(added.length));
  }
  await waitUntilIn(client, collectionId, options.json);
  const ids = new Set(added.map(({ id }) => id));
  const documents = (await client.knowledge.documents.list({ collectionId })).filter(({ id }) => ids.has(id));
  report(options, documents);
}

/** Until text and vectors of every file are in; without an embedding model, until every text is. */
async function waitUntilIn(client: DesksideClient, collectionId: string, json: boolean): Promise<void> {
  using line = createStatusLine(process.stderr, !json);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt);
  try {
    for await (const now of await client.knowledge.ingest.watch({ collectionId }, { signal: stop.signal })) {
      line.show(describe(now));
      const isRead = now.files.waiting + now.files.working === 0;
      const { vectors } = await client.knowledge.collections.get({ collectionId });
      if (isRead && (now.vectors.done >= now.vectors.total || vectors.model === null)) return;
      if (await readWithoutVectors(client, collectionId, now)) return;
    }
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Files whose text is in count as `working` until they have vectors: without a model they never will. */
async function readWithoutVectors(
  client: DesksideClient,
  collectionId: string,
  { files }: IngestStatus,
): Promise<boolean> {
  if (files.waiting > 0) return false;
  const { vectors } = await client.knowledge.collections.get({ collectionId });
  if (vectors.model !== null) return false;
  const documents = await client.knowledge.documents.list({ collectionId });
  return documents.every(({ state }) => !["waiting", "reading", "splitting"].includes(state));
}

function describe({ files, vectors, secondsLeft }: IngestStatus): string {
  const { format } = createWords(systemLanguages());
  const done = files.ready + files.failed + files.skipped;
  const share = files.total === 0 ? 1 : done / files.total;
  const bar = "█".repeat(Math.round(share * 20)).padEnd(20, "░");
  const left = secondsLeft === null ? "" : `  ${format.duration(secondsLeft * 1000)}`;
  return `${bar} ${done}/${files.total}  ${vectors.done}/${vectors.total}${left}`;
}

function report({ json }: DocsOptions, documents: readonly KnowledgeDocument[]): void {
  const { t } = createWords(systemLanguages());
  const failed = documents.flatMap(({ path, failure }) =>
    failure === null
      ? []
      : [{ file: path, code: failure.code, message: t(`knowledge.failures.${failure.code}.title`) }],
  );
  const ready = documents.length - failed.length;
  if (json) say(JSON.stringify({ ready, failed }));
  else {
    say(String(ready));
    for (const { file, message } of failed) process.stderr.write(`${file}: ${message}\n`);
  }
  if (failed.length > 0) process.exitCode = 1;
}

async function status({ json }: DocsOptions, client: DesksideClient, collection: Collection): Promise<void> {
  const documents = await client.knowledge.documents.list({ collectionId: collection.id });
  if (json) return say(JSON.stringify({ collection, documents }));
  for (const { path, state, pages, passages, failure } of documents)
    say([path, state, pages ?? "–", passages, failure?.code ?? ""].join("\t"));
}

async function search(
  options: DocsOptions,
  client: DesksideClient,
  collection: Collection,
  words: readonly string[],
): Promise<void> {
  const [query] = words;
  if (query === undefined) throw deskError("USAGE", { problem: "the words to search for are missing" });
  if (query !== "-") return printFound(options, await ask(options, client, collection, query));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    say(JSON.stringify(found(await ask(options, client, collection, line.trim()))));
  }
}

type Found = Awaited<ReturnType<DesksideClient["knowledge"]["search"]>>;

function ask({ limit }: DocsOptions, client: DesksideClient, { id }: Collection, query: string): Promise<Found> {
  return client.knowledge.search({ scope: { kind: "collections", ids: [id] }, query, limit: limit ?? 10 });
}

function found({ hits, ms }: Found) {
  const results = hits.map(({ document, page, score, text }: SearchHit) => ({ document, page, score, text }));
  return { results, ms: Math.round(ms * 10) / 10 };
}

function printFound({ json }: DocsOptions, result: Found): void {
  if (json) return say(JSON.stringify(found(result)));
  for (const { document, page, score, text } of found(result).results)
    say(
      `${score.toFixed(2)}\t${document}${page === null ? "" : `:${page}`}\t${text.replaceAll(/\s+/g, " ").slice(0, 160)}`,
    );
}

/** The whole collection, or those of its files that are named. */
async function remove(
  { json }: DocsOptions,
  client: DesksideClient,
  collection: Collection,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) {
    await client.knowledge.collections.remove({ collectionId: collection.id });
    return json ? say(JSON.stringify({ removed: collection.files.total })) : undefined;
  }
  const documents = await client.knowledge.documents.list({ collectionId: collection.id });
  const documentIds = paths.map((path) => {
    const document = documents.find((one) => one.path === path);
    if (!document) throw deskError("DOCUMENT_NOT_FOUND", { documentId: path });
    return document.id;
  });
  await client.knowledge.documents.remove({ documentIds });
  if (json) say(JSON.stringify({ removed: documentIds.length }));
}

/** Names of collections of `--collection` as what an answer is looked up in. */
export async function scopeOf(client: DesksideClient, names: readonly string[]) {
  if (names.length === 0) return null;
  const collections = await client.knowledge.collections.list();
  return { kind: "collections" as const, ids: names.map((name) => find(collections, name).id) };
}
