import type { ModelManifest } from "./manifest-schema.ts";

type Prefixes = NonNullable<ModelManifest["prefixes"]>;

const searchTask = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:";

/**
 * What embedding models want before a question and before a passage, from the cards of their makers; without it they
 * find noticeably less. A file says nothing about it, but it carries its model's name.
 */
const known: readonly { readonly name: RegExp; readonly prefixes: Prefixes }[] = [
  { name: /qwen3[-_ ]?embedding/, prefixes: { query: searchTask, passage: "" } },
  { name: /e5[-_ ](?:small|base|large)(?![-_ \w]*instruct)/, prefixes: { query: "query: ", passage: "passage: " } },
  {
    name: /bge[-_ ](?:small|base|large)[-_ ]zh/,
    prefixes: { query: "为这个句子生成表示以用于检索相关文章：", passage: "" },
  },
  {
    name: /bge[-_ ](?:small|base|large)[-_ ]en/,
    prefixes: { query: "Represent this sentence for searching relevant passages: ", passage: "" },
  },
  { name: /nomic[-_ ]embed/, prefixes: { query: "search_query: ", passage: "search_document: " } },
  {
    name: /embedding[-_ ]?gemma/,
    prefixes: { query: "task: search result | query: ", passage: "title: none | text: " },
  },
];

/** By the name in the file, or that of the file. Null = none is known, which for some models is right. */
export function embeddingPrefixes(names: readonly (string | null)[]): Prefixes | null {
  const found = known.find(({ name }) => names.some((one) => one !== null && name.test(one.toLowerCase())));
  return found?.prefixes ?? null;
}
