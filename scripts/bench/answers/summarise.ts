import type { Judged } from "./judge-answer.ts";

export interface Run {
  /** What was asked about. */
  readonly name: string;
  readonly model: string;
  /** Whether the documents hold the answers. */
  readonly isPresent: boolean;
  readonly answers: readonly (Judged & { readonly seconds: number })[];
}

/** Shares of 1; null where there is nothing to take a share of. */
export interface Summary {
  readonly asked: number;
  readonly right: number | null;
  readonly inModelsWords: number;
  readonly chipOnSentence: number | null;
  readonly chipOnPassage: number | null;
  readonly ownSupported: number;
  readonly supportedThoughWrong: number | null;
  readonly refused: number | null;
  readonly seconds: number | null;
}

export function summarise({ answers }: Run): Summary {
  const right = answers.filter(({ isRight }) => isRight);
  const ownSupported = sum(answers.map((one) => one.ownSupported));
  return {
    asked: answers.length,
    right: share(right.length, answers.length),
    inModelsWords: answers.filter(({ verdict }) => verdict === "answered").length,
    chipOnSentence: share(right.filter((one) => one.chipOnSentence).length, right.length),
    chipOnPassage: share(right.filter((one) => one.chipOnSentence || one.chipOnPassage).length, right.length),
    ownSupported,
    supportedThoughWrong: share(sum(answers.map((one) => one.ownSupportedWrong)), ownSupported),
    refused: share(answers.filter(({ verdict }) => verdict === "not-in-documents").length, answers.length),
    seconds: share(sum(answers.map((one) => one.seconds)), answers.length),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** As a table of Markdown. */
export function tableOf(runs: readonly Run[]): string {
  const percent = (value: number | null) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
  const rows = runs.map((run) => {
    const { asked, right, inModelsWords, chipOnSentence, chipOnPassage, ...rest } = summarise(run);
    const value = run.isPresent ? [percent(right), percent(chipOnSentence), percent(chipOnPassage)] : ["–", "–", "–"];
    return [
      ...[run.name, run.model, run.isPresent ? "present" : "left out", asked, ...value, inModelsWords],
      ...[`${percent(rest.supportedThoughWrong)} of ${rest.ownSupported}`, percent(rest.refused)],
      rest.seconds?.toFixed(1) ?? "–",
    ];
  });
  const head = [
    ...["asked about", "model", "answer is", "questions", "right value", "chip on its sentence", "or on its passage"],
    ...["in the model's words", "own sentences supported, wrong", "refused", "s"],
  ];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
