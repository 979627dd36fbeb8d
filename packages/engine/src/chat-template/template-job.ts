import type { PromptMessage } from "@deskside/contract/engine";

export interface TemplateJob {
  readonly id: number;
  readonly source: string;
  readonly messages: readonly PromptMessage[];
  readonly bosToken: string;
  readonly eosToken: string;
  readonly addGenerationPrompt: boolean;
}

export type TemplateFailure = "time" | "memory" | "output" | "syntax" | "raised" | "content";

export type TemplateResult =
  | { readonly id: number; readonly ok: true; readonly text: string }
  | { readonly id: number; readonly ok: false; readonly reason: TemplateFailure; readonly detail: string };
