import { randomBytes } from "node:crypto";
import { deskError } from "@deskside/contract";
import type { Prompt, PromptMessage } from "@deskside/contract/engine";
import type { TemplateRenderer } from "./template-renderer.ts";

/** A rendered prompt: what the template wrote may hold control tokens, what people wrote never does. */
export interface PromptPiece {
  readonly text: string;
  readonly control: boolean;
}

export interface TemplateOfModel {
  readonly source: string;
  readonly bosToken: string;
  readonly eosToken: string;
}

/**
 * Renders a conversation so that a message which contains `<|im_end|>` stays text: the template sees stand-ins
 * in place of the messages, and the messages are put in afterwards as plain pieces.
 * Throws TEMPLATE_FAILED reason "content" when the template does not keep a message as it is.
 */
export async function renderPrompt(
  prompt: Pick<Prompt, "messages">,
  template: TemplateOfModel,
  renderer: TemplateRenderer,
): Promise<PromptPiece[]> {
  const nonce = randomBytes(8).toString("hex");
  const standIns = prompt.messages.map((_, index) => `\uE000${nonce}:${index}\uE001`);
  const rendered = await renderer.render({
    source: template.source,
    messages: prompt.messages.map((message, index) => ({ role: message.role, text: standIns[index] as string })),
    bosToken: template.bosToken,
    eosToken: template.eosToken,
    addGenerationPrompt: true,
  });
  return splitAtStandIns(rendered, nonce, prompt.messages);
}

function splitAtStandIns(rendered: string, nonce: string, messages: readonly PromptMessage[]): PromptPiece[] {
  const pieces: PromptPiece[] = [];
  const seen = new Set<number>();
  const parts = rendered.split(new RegExp(`\uE000${nonce}:(\\d+)\uE001`, "u"));
  parts.forEach((part, at) => {
    if (at % 2 === 0) {
      if (part !== "") pieces.push({ text: part, control: true });
      return;
    }
    const index = Number(part);
    seen.add(index);
    pieces.push({ text: messages[index]?.text ?? "", control: false });
  });
  // Some templates drop a system message they have no place for; a turn of the conversation may never go missing.
  const lost = messages.find((message, index) => message.role !== "system" && !seen.has(index));
  if (lost)
    throw deskError("TEMPLATE_FAILED", { reason: "content", detail: `the template left out a ${lost.role} turn` });
  return pieces;
}
