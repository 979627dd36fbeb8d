import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "../product/whole-stack.ts";
import { askXquad } from "./ask-xquad.ts";
import { askHeldOut } from "./held-out.ts";
import { changeSentences, changedTable } from "./changed-sentences.ts";
import { type Run, summarise, tableOf } from "./summarise.ts";

const root = join(import.meta.dirname, "../../..");
const parts = ["xquad", "held-out", "changed"] as const;

/** The built-in chat models, for each language they speak. */
const models = { en: ["smollm2-135m-instruct", "starter"], zh: ["starter"] } as const;

/**
 * `npm run bench -- answers [--questions 100] [--half odd|even] [--only xquad,held-out,changed] [--model id] [--log FILE] [--json]`:
 * answers over documents by the built server, from reading the files to the shown text. `--log`: one JSON line an answer.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      questions: { type: "string", default: "100" },
      half: { type: "string", default: "odd" },
      only: { type: "string", default: parts.join() },
      model: { type: "string" },
      log: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const only = new Set(values.only.split(","));
  const each = (line: object) => values.log !== undefined && appendFileSync(values.log, `${JSON.stringify(line)}\n`);
  const wanted = (list: readonly string[]) => list.filter((one) => values.model === undefined || one === values.model);
  const half = values.half === "even" ? "even" : "odd";
  const changed = only.has("changed")
    ? { en: await changeSentences("en", half), zh: await changeSentences("zh", half) }
    : null;
  const runs: Run[] = [];
  if (only.has("xquad") || only.has("held-out")) {
    await using served = await serve(root);
    for (const language of ["en", "zh"] as const) {
      const shared = { language, models: wanted(models[language]), each: (line: object) => void each(line) };
      if (shared.models.length === 0) continue;
      if (only.has("held-out")) runs.push(...(await askHeldOut(served.client, shared)));
      if (only.has("xquad"))
        runs.push(...(await askXquad(served.client, { ...shared, count: Number(values.questions), half })));
    }
  }
  if (values.json) {
    const answers = runs.map(({ answers: _, ...run }) => ({ ...run, ...summarise({ ...run, answers: _ }) }));
    process.stdout.write(`${JSON.stringify({ half, answers, changed })}\n`);
    return;
  }
  if (runs.length > 0) process.stdout.write(`${tableOf(runs)}\n\n`);
  if (changed) process.stdout.write(`${changedTable(changed)}\n`);
}
