import type { ParsedDocument } from "../document/document-schemas.ts";
import { canBeCut, type Contexts, countGroups, type CountTexts, fitContexts, halveUnits } from "./count-units.ts";
import { type Draft, packUnits, type PassageSize } from "./pack-units.ts";
import type { Passage } from "./passage.ts";
import { searchedText } from "./passage-context.ts";
import { findGroups } from "./units.ts";
import { writePassage } from "./write-passage.ts";

export interface ChunkOptions extends PassageSize {
  /** Stands for a document without a title of its own. */
  readonly fallbackTitle: string;
  /** Of the embedding model, without special tokens; asked for many texts at once. */
  countTokens(texts: readonly string[], options: { signal?: AbortSignal }): Promise<readonly number[]>;
  readonly signal?: AbortSignal;
}

/**
 * Passages in reading order, each of at most `maximumTokens` with its context. Every visible character of the document
 * is in one of them. The same document and options give the same passages. `maximumTokens` must be at least 16 and
 * leave room for a model's prefix and special tokens. Throws what `countTokens` throws.
 */
export async function chunkDocument(document: ParsedDocument, options: ChunkOptions): Promise<Passage[]> {
  const { maximumTokens } = options;
  const count = countInPortions(options);
  const groups = findGroups(document);
  const contexts = await fitContexts(document.title ?? options.fallbackTitle, groups, { maximumTokens, count });
  const counted = await countGroups(groups, contexts, { maximumTokens, count });
  const passages = await writeAll(packUnits(counted, options), contexts, { maximumTokens, count });
  return passages.map((passage, index) => ({ ...passage, index }));
}

/** The parts of a text do not always add up to the whole: what comes out too long is halved and counted again. */
async function writeAll(
  packed: readonly Draft[],
  contexts: Contexts,
  { maximumTokens, count }: { maximumTokens: number; count: CountTexts },
): Promise<Omit<Passage, "index">[]> {
  const written = new Map<Draft, Omit<Passage, "index">>();
  let drafts = [...packed];
  while (true) {
    const open = drafts
      .filter((draft) => !written.has(draft))
      .map((draft) => ({ draft, ...writePassage(draft.units), context: contexts.of(draft.sections).context }));
    if (open.length === 0) return drafts.flatMap((draft) => written.get(draft) ?? []);
    const tokens = await count(open.map(searchedText));
    const tooLong = new Set<Draft>();
    for (const [index, { draft, ...passage }] of open.entries()) {
      const counted = { ...passage, tokens: tokens[index] ?? 0 };
      if (counted.tokens > maximumTokens && draft.units.some((unit) => draft.units.length > 1 || canBeCut(unit)))
        tooLong.add(draft);
      else written.set(draft, counted);
    }
    drafts = drafts.flatMap((draft) =>
      tooLong.has(draft) ? halveUnits(draft.units).map((units) => ({ sections: draft.sections, units })) : [draft],
    );
  }
}

/** Texts in one question to the engine: enough that the way there does not count. */
const textsAtOnce = 2048;

function countInPortions({ countTokens, signal }: ChunkOptions): CountTexts {
  return async (texts) => {
    const tokens: number[] = [];
    for (let from = 0; from < texts.length; from += textsAtOnce) {
      signal?.throwIfAborted();
      const portion = texts.slice(from, from + textsAtOnce);
      tokens.push(...(await countTokens(portion, signal ? { signal } : {})));
    }
    return tokens;
  };
}
