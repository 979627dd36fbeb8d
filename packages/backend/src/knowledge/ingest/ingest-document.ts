import { detectLanguage } from "@deskside/base";
import {
  chunkDocument,
  type IndexedCollection,
  type IndexedDocument,
  type Owner,
  type ParsedDocument,
  type PassageIndex,
  ReadError,
  scrubDocument,
  type ScrubState,
} from "@deskside/knowledge";
import type { Logger } from "../../log/logger.ts";
import { packDocument } from "../describe/document-text.ts";
import { hashOf, type Originals } from "../files/originals.ts";
import type { DocumentParser } from "@deskside/knowledge";

export interface IngestDeps {
  readonly index: PassageIndex;
  readonly originals: Originals;
  readonly parser: DocumentParser;
  readonly log: Logger;
  /** By the embedding model, without its special tokens. Falls back to a rough count without one. */
  readonly countTokens: (texts: readonly string[], signal: AbortSignal) => Promise<number[]>;
  /** Kept for a collection; null: nothing is replaced there. */
  readonly scrubState: (collection: IndexedCollection, language: "en" | "zh") => ScrubState | null;
  readonly keepScrubbed: (collection: IndexedCollection, state: ScrubState) => void;
}

export interface IngestOptions {
  readonly owner: Owner;
  readonly password: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: number | null) => void;
}

/**
 * A file in whose splitting this process ended so often is left alone. Reading does not count: it has a process of its
 * own, so that an end of ours meanwhile says nothing about the file.
 */
const mostAttempts = 3;

/**
 * Reads one document and makes it searchable: file → text → personal data replaced → passages. A file that cannot be
 * read ends as `failed` with its reason; only a failure of ours throws.
 */
export async function ingestDocument(
  document: IndexedDocument,
  deps: IngestDeps,
  options: IngestOptions,
): Promise<void> {
  const { index } = deps;
  const { owner, signal } = options;
  const collection = await index.getCollection(owner, document.collection);
  try {
    if (document.attempts >= mostAttempts) throw new ReadError("reader-crashed", `${document.attempts} attempts`);
    await index.changeDocument(owner, document.id, { state: "reading", failure: null });
    const bytes = await deps.originals.read(document);
    const contentHash = hashOf(bytes);
    if (await isKnown(document, contentHash, deps, options)) return;
    const parsed = await deps.parser.read(
      { name: document.path, bytes, ocrLanguages: collection.settings.ocr, password: options.password },
      { signal, onProgress: (done, total) => options.onProgress(total === 0 ? null : done / total) },
    );
    await index.changeDocument(owner, document.id, {
      ...{ state: "splitting", contentHash, bytes: bytes.length },
      attempts: document.attempts + 1,
    });
    options.onProgress(null);
    await store(document, collection, parsed, deps, options);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ReadError)) throw error;
    deps.log.info({ document: document.id, failure: error.failure, detail: error.message }, "a file could not be read");
    const failure = { code: error.failure, detail: error.message.slice(0, 300) };
    await index.changeDocument(owner, document.id, { state: "failed", failure });
  }
}

/** The same content is in the collection already, or this very file was read and did not change. */
async function isKnown(
  document: IndexedDocument,
  contentHash: string,
  { index }: IngestDeps,
  { owner }: IngestOptions,
): Promise<boolean> {
  const same = await index.listDocuments(owner, { collectionId: document.collection, contentHash, limit: 10 });
  const other = same.find((one) => one.id !== document.id && one.passages > 0 && one.state !== "failed");
  if (other) {
    await index.setPassages(owner, document.id, []);
    await index.changeDocument(owner, document.id, { state: "duplicate", contentHash, attempts: 0 });
    return true;
  }
  return false;
}

async function store(
  document: IndexedDocument,
  collection: IndexedCollection,
  parsed: ParsedDocument,
  deps: IngestDeps,
  { owner, signal }: IngestOptions,
): Promise<void> {
  const { index } = deps;
  const state = deps.scrubState(collection, languageOf(parsed));
  const { document: clean, replaced } =
    state === null ? { document: parsed, replaced: null } : scrubDocument(parsed, state);
  if (state !== null) deps.keepScrubbed(collection, state);
  const { passageTokens, overlapTokens } = collection.settings;
  const passages = await chunkDocument(clean, {
    targetTokens: passageTokens,
    maximumTokens: 480,
    overlapTokens,
    fallbackTitle: nameOf(document.path),
    countTokens: (texts) => deps.countTokens(texts, signal),
    signal,
  });
  if (passages.length === 0) throw new ReadError("empty", "no text");
  await index.saveText(owner, document.id, await packDocument(clean));
  await index.changeDocument(owner, document.id, {
    ...{ format: clean.format, title: clean.title, warnings: clean.warnings, attempts: 0 },
    pages: clean.pages.length === 0 ? null : clean.pages.length,
    replaced,
  });
  await index.setPassages(owner, document.id, passages);
}

/** Of the labels: that of most of the text. */
function languageOf({ blocks }: ParsedDocument): "en" | "zh" {
  return detectLanguage(
    blocks
      .slice(0, 50)
      .map(({ text }) => text)
      .join("\n"),
  );
}

function nameOf(path: string): string {
  return (
    path
      .split("/")
      .at(-1)
      ?.replace(/\.[^.]{1,8}$/, "") ?? path
  );
}
