import { useEffect, useReducer, useRef } from "react";
import { type CodeToken, type HighlightSession, maxHighlightedLength, openHighlightSession } from "./highlighter.ts";

export interface HighlightedCode {
  lines: readonly (readonly CodeToken[])[];
  /** The last of the lines ends the code without a line break. */
  endsOpen: boolean;
  /** What is not coloured yet. */
  rest: string;
}

const none: readonly (readonly CodeToken[])[] = [];
const budgetMs = 6;
/** Between two looks at code that is still being written. */
const pauseMs = 80;

/** Colours arrive after the text and in small steps, so that long code never holds up the page. */
export function useHighlightedCode(code: string, language: string, growing: boolean): HighlightedCode {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const session = useRef<{ language: string; opened: HighlightSession | null } | null>(null);
  const wanted = code.length <= maxHighlightedLength && language !== "";

  useEffect(() => {
    if (!wanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const step = () => {
      const opened = session.current?.opened;
      if (!opened || left) return;
      const before = opened.source;
      const done = opened.advance(code, { budgetMs, finished: !growing });
      if (opened.source !== before) redraw();
      if (!done) timer = setTimeout(step, 0);
    };
    const open = async () => {
      const opened = await openHighlightSession(language);
      if (left) return;
      session.current = { language, opened };
      step();
    };
    if (session.current?.language === language) timer = setTimeout(step, growing ? pauseMs : 0);
    // A grammar that cannot be fetched (the server is gone) leaves the code readable; the next block asks again.
    else open().catch(() => undefined);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [code, language, growing, wanted]);

  const opened = wanted && session.current?.language === language ? session.current.opened : null;
  if (!opened || opened.source === "" || !code.startsWith(opened.source))
    return { lines: none, endsOpen: false, rest: code };
  return { lines: opened.lines, endsOpen: !opened.source.endsWith("\n"), rest: code.slice(opened.source.length) };
}
