import type { GrammarState, HighlighterCore, LanguageInput } from "shiki/core";
import { findLanguage, type LanguageId } from "./code-languages.ts";

/** Part of a line; `kind` is the class that colours it by the `--sx-*` tokens. */
export interface CodeToken {
  text: string;
  kind: string | null;
}

/** Longest code that is coloured, in characters. */
export const maxHighlightedLength = 100_000;
const maxColouredLine = 2_000;

const themeName = "deskside";
const variablePrefix = "--";

let highlighter: Promise<HighlighterCore> | null = null;

async function createHighlighter(): Promise<HighlighterCore> {
  const [core, engine] = await Promise.all([import("shiki/core"), import("shiki/engine/javascript")]);
  return core.createHighlighterCore({
    themes: [core.createCssVariablesTheme({ name: themeName, variablePrefix, fontStyle: false })],
    langs: [],
    engine: engine.createJavaScriptRegexEngine({ forgiving: true }),
  });
}

/** Our five colours for what the theme of variables tells apart; the rest keeps the colour of text. */
const kinds: Record<string, string> = {
  [`var(${variablePrefix}token-keyword)`]: "sx-k",
  [`var(${variablePrefix}token-string)`]: "sx-s",
  [`var(${variablePrefix}token-string-expression)`]: "sx-s",
  [`var(${variablePrefix}token-constant)`]: "sx-n",
  [`var(${variablePrefix}token-comment)`]: "sx-c",
  [`var(${variablePrefix}token-function)`]: "sx-f",
  [`var(${variablePrefix}token-link)`]: "sx-f",
  [`var(${variablePrefix}token-inserted)`]: "sx-s",
  [`var(${variablePrefix}token-deleted)`]: "sx-k",
  [`var(${variablePrefix}token-changed)`]: "sx-n",
};

/** Colours growing code line by line; what is coloured once stays as it is. */
export interface HighlightSession {
  /** Complete lines so far. The array grows; a line in it never changes. */
  readonly lines: readonly (readonly CodeToken[])[];
  /** The code that `lines` stand for, line breaks included. */
  readonly source: string;
  /** Works on for about `budgetMs` milliseconds. True when every line is done; `finished` code has a last line without a break. */
  advance(code: string, options: { budgetMs: number; finished: boolean }): boolean;
}

/** Null where the language is not known. */
export async function openHighlightSession(label: string): Promise<HighlightSession | null> {
  const language = findLanguage(label);
  if (!language) return null;
  highlighter ??= createHighlighter();
  const [core, grammar] = await Promise.all([highlighter, language.load()]).catch((error: unknown) => {
    highlighter = null;
    throw error;
  });
  await core.loadLanguage(grammar.default as LanguageInput);
  return createSession(core, language.id);
}

/** Lines coloured between two looks at the clock. */
const linesPerStep = 20;

function createSession(core: HighlighterCore, lang: LanguageId): HighlightSession {
  let source = "";
  let lines: (readonly CodeToken[])[] = [];
  let state: GrammarState | undefined;
  const take = (text: string) => {
    const tokens = core.codeToTokensBase(text, {
      lang,
      theme: themeName,
      tokenizeMaxLineLength: maxColouredLine,
      // A line that ran out of time would keep wrong colours; the first line of a language compiles its grammar.
      tokenizeTimeLimit: 2_000,
      ...(state && { grammarState: state }),
    });
    state = core.getLastGrammarState(tokens);
    for (const line of tokens) {
      lines.push(line.map(({ content, color }) => ({ text: content, kind: (color && kinds[color]) ?? null })));
    }
  };
  return {
    get lines() {
      return lines;
    },
    get source() {
      return source;
    },
    advance(code, { budgetMs, finished }) {
      if (!code.startsWith(source)) {
        source = "";
        lines = [];
        state = undefined;
      }
      const until = performance.now() + budgetMs;
      while (source.length < code.length && performance.now() < until) {
        const end = stepEnd(code, source.length, finished);
        if (end === source.length) return true;
        const step = code.slice(source.length, end);
        take(step.endsWith("\n") ? step.slice(0, -1) : step);
        source = code.slice(0, end);
      }
      return source.length >= code.length;
    },
  };
}

/** Behind the last of the next complete lines; an unfinished line waits. */
function stepEnd(code: string, from: number, finished: boolean): number {
  let end = from;
  for (let i = 0; i < linesPerStep; i++) {
    const next = code.indexOf("\n", end);
    if (next === -1) return finished ? code.length : end;
    end = next + 1;
  }
  return end;
}
