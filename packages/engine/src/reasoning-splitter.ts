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
  /** Whatever comes now is part of the answer. */
  readonly settled: boolean;
  /** Feeds text; what could still become a mark is held back. */
  push(chunk: string): SplitText;
  /** Nothing more comes: gives out what was held back. */
  end(): SplitText;
}

/**
 * Separates a model's reasoning from its answer while both stream in. A reasoning may only open before the answer
 * has begun (white space does not count); a later `<think>` is part of the answer, as in a text about the tag.
 * White space around the marks belongs to neither part.
 * @param startInside the prompt already ended inside the reasoning
 */
export function createReasoningSplitter(marks: ReasoningMarks | null, startInside: boolean): ReasoningSplitter {
  let state: "before" | "inside" | "after" = marks === null ? "after" : startInside ? "inside" : "before";
  let held = "";
  const trimReasoning = createStartTrimmer(startInside);
  const trimAnswer = createStartTrimmer(false);

  const after = (): SplitText => {
    const text = trimAnswer.pass(held);
    held = "";
    return { text, reasoning: "" };
  };

  const inside = ({ close }: ReasoningMarks, flush: boolean): SplitText => {
    const at = held.indexOf(close);
    if (at < 0) {
      // White space before a mark, or before what may become one, waits: it is dropped if the mark comes.
      const sure = held.slice(0, held.length - partialMark(held, close)).trimEnd();
      const given = flush ? held : sure;
      held = held.slice(given.length);
      return { text: "", reasoning: trimReasoning.pass(given) };
    }
    const reasoning = trimReasoning.pass(held.slice(0, at)).trimEnd();
    held = held.slice(at + close.length);
    state = "after";
    trimAnswer.start();
    return { text: after().text, reasoning };
  };

  const before = (used: ReasoningMarks, flush: boolean): SplitText => {
    const start = held.trimStart();
    if (start.startsWith(used.open)) {
      held = start.slice(used.open.length);
      state = "inside";
      trimReasoning.start();
      return inside(used, flush);
    }
    if (!flush && used.open.startsWith(start)) return { text: "", reasoning: "" };
    state = "after";
    return after();
  };

  const step = (flush: boolean): SplitText => {
    if (marks === null || state === "after") return after();
    return state === "before" ? before(marks, flush) : inside(marks, flush);
  };

  return {
    get inReasoning() {
      return state === "inside";
    },
    get settled() {
      return state === "after";
    },
    push(chunk) {
      held += chunk;
      return step(false);
    },
    end: () => step(true),
  };
}

/** Drops white space from where it was started up to the first character that is none. */
function createStartTrimmer(started: boolean) {
  let trimming = started;
  return {
    start() {
      trimming = true;
    },
    pass(text: string): string {
      if (!trimming) return text;
      const trimmed = text.trimStart();
      if (trimmed !== "") trimming = false;
      return trimmed;
    },
  };
}

/** Length of the longest end of `text` that is a beginning of `mark`. */
export function partialMark(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
