import { parentPort } from "node:worker_threads";
import { Template } from "@huggingface/jinja";
import type { TemplateJob, TemplateResult } from "./template-job.ts";

/** Longest rendered prompt, in UTF-16 units. A template that writes more is not rendering a chat. */
const maxOutput = 1_048_576 * 2;

let cached: { source: string; template: Template } | undefined;

parentPort?.on("message", (job: TemplateJob) => {
  parentPort?.postMessage(render(job));
});

function render(job: TemplateJob): TemplateResult {
  try {
    if (cached?.source !== job.source) cached = { source: job.source, template: new Template(job.source) };
  } catch (error) {
    return { id: job.id, ok: false, reason: "syntax", detail: describe(error) };
  }
  try {
    const text = cached.template.render({
      messages: job.messages.map((message) => ({ role: message.role, content: message.text })),
      bos_token: job.bosToken,
      eos_token: job.eosToken,
      add_generation_prompt: job.addGenerationPrompt,
      tools: null,
    });
    if (text.length > maxOutput) return { id: job.id, ok: false, reason: "output", detail: String(text.length) };
    return { id: job.id, ok: true, text };
  } catch (error) {
    return { id: job.id, ok: false, reason: "raised", detail: describe(error) };
  }
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
