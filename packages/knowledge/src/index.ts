export { type PromptSource } from "./answer/choose-sources.ts";
export { type ConcludedAnswer, createDocumentAnswer } from "./answer/document-answer.ts";
export type { Retrieved, RetrievedPassage } from "./answer/retrieved.ts";
export { rewriteQuestion } from "./answer/rewrite-question.ts";
export { chunkDocument, type ChunkOptions } from "./chunk/chunk-document.ts";
export { searchedText } from "./chunk/passage-context.ts";
export { checkAnswer } from "./cite/check-answer.ts";
export { findTerms } from "./cite/terms.ts";
export type { TermStatistics } from "./cite/term-weights.ts";
export { splitSentences } from "./chunk/split-sentences.ts";
export { type ParsedDocument, parsedDocumentSchema, ReadError } from "./document/document-schemas.ts";
export type { Passage } from "./chunk/passage.ts";
export { scrubDocument, type ScrubbedDocument } from "./clean/scrub-document.ts";
export { createScrubState, type ScrubState, type SealedValue } from "./clean/scrub-state.ts";
export { scrubText } from "./clean/scrub-text.ts";
export { createEmbeddedIndex } from "./index-store/embedded/embedded-index.ts";
export { createIndexProxy } from "./index-store/index-proxy.ts";
export { mergeSearches } from "./index-store/merge-searches.ts";
export { placeOf } from "./index-store/place-of.ts";
export {
  createPostgresIndex,
  type PostgresIndexOptions,
  tryPostgresServer,
} from "./index-store/postgres/postgres-index.ts";
export type { OpenSocket } from "./index-store/postgres/server/database.ts";
export { readServerAddress, type ServerAddress } from "./index-store/postgres/server/server-address.ts";
export type { ServerFacts } from "./index-store/postgres/server/server-schema.ts";
export type {
  DocumentFilter,
  IndexedCollection,
  IndexedDocument,
  IndexedDocumentChange,
  IndexStats,
  Owner,
  PassageHit,
  PassageIndex,
  PassageQuery,
  PassageSearch,
  PendingPassage,
  VectorModel,
} from "./index-store/passage-index.ts";
export { startIndexWorker } from "./index-store/worker/start-index-worker.ts";
export { createParserPool, type DocumentParser } from "./worker/create-parser-pool.ts";
