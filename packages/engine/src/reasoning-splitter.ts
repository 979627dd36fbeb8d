export interface ReasoningMarks {
  readonly open: string;
  readonly close: string;
}

export interface SplitText {
  readonly text: string;
  readonly reasoning: string;
}

export interface ReasoningSplitter {
  readonly inReasoning: boolean;
  /** Feeds text; what could still become a mark is held back. */
  push(chunk: string): SplitText;
  /** Nothing more comes: gives out what was held back. */
  end(): SplitText;
}

/**
 * Separates a model's reasoning from its answer while both stream in. A reasoning may only open before the answer
 * has begun (white space does not count); a later `<think>` is part of the answer, as in a text about the tag.
 * @param startInside the prompt already ended inside the reasoning
 */
export function createReasoningSplitter(marks: ReasoningMarks | null, startInside: boolean): ReasoningSplitter {
  let state: "before" | "inside" | "after" = marks === null ? "after" : startInside ? "inside" : "before";
  let held = "";
  // White space around the marks belongs to neither part.
  let trimReasoning = state === "inside";
  let trimAnswer = false;

  const take = (text: string, reasoning: string): SplitText => ({ text, reasoning });

  const inside = (flush: boolean): SplitText => {
    const mark = (marks as ReasoningMarks).close;
    const at = held.indexOf(mark);
    if (at >= 0) {
      const reasoning = trimmedReasoning(held.slice(0, at)).trimEnd();
      held = held.slice(at + mark.length);
      state = "after";
      trimAnswer = true;
      const rest = after();
      return take(rest.text, reasoning);
    }
    // White space before a mark, or before what may become one, waits too: it is dropped if the mark comes.
    const sure = held.slice(0, held.length - partialMark(held, mark)).trimEnd();
    const keep = flush ? 0 : held.length - sure.length;
    const out = trimmedReasoning(held.slice(0, held.length - keep));
    held = held.slice(held.length - keep);
    return take("", out);
  };

  const trimmedReasoning = (text: string): string => {
    if (!trimReasoning) return text;
    const trimmed = text.trimStart();
    if (trimmed !== "") trimReasoning = false;
    return trimmed;
  };

  const after = (): SplitText => {
    let text = held;
    held = "";
    if (trimAnswer) {
      text = text.trimStart();
      if (text !== "") trimAnswer = false;
    }
    return take(text, "");
  };

  const before = (flush: boolean): SplitText => {
    const mark = (marks as ReasoningMarks).open;
    const start = held.trimStart();
    if (start.startsWith(mark)) {
      held = start.slice(mark.length);
      state = "inside";
      trimReasoning = true;
      return inside(flush);
    }
    if (!flush && mark.startsWith(start)) return take("", "");
    state = "after";
    return after();
  };

  const step = (flush: boolean): SplitText => {
    if (state === "before") return before(flush);
    if (state === "inside") return inside(flush);
    return after();
  };

  return {
    get inReasoning() {
      return state === "inside";
    },
    push(chunk) {
      held += chunk;
      return step(false);
    },
    end: () => step(true),
  };
}

/** Length of the longest end of `text` that is a beginning of `mark`. */
export function partialMark(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
