import { toWellFormed, utf8Length } from "@deskside/base";
import { deskError, type GenerationStart, maxMessageBytes, type Message, type Scope } from "@deskside/contract";

/** What a start means for the tree of messages. */
export type Turn =
  | { kind: "send"; chatId: string | null; parentId: string | null; text: string; scope: Scope | null }
  | { kind: "regenerate"; chatId: string; parentId: string | null }
  | { kind: "continue"; chatId: string; parentId: string | null; message: Message };

/** Checks what was asked against the tree. */
export function planTurn(input: GenerationStart, messages: readonly Message[], leafId: string | null): Turn {
  const find = (messageId: string): Message => {
    const message = messages.find((one) => one.id === messageId);
    if (!message) throw deskError("MESSAGE_NOT_FOUND", { messageId });
    return message;
  };
  if (input.kind === "send") {
    const text = checkText(input.text);
    if (input.parentId !== null) find(input.parentId);
    return { kind: "send", chatId: input.chatId, parentId: input.parentId ?? leafId, text, scope: input.scope ?? null };
  }
  const message = find(input.messageId);
  if (input.kind === "edit") {
    const text = checkText(input.text);
    if (message.role !== "user") throw deskError("NOT_EDITABLE", { messageId: message.id });
    return { kind: "send", chatId: input.chatId, parentId: message.parentId, text, scope: message.scope ?? null };
  }
  if (input.kind === "regenerate") {
    const parentId = message.role === "assistant" ? message.parentId : message.id;
    return { kind: "regenerate", chatId: input.chatId, parentId };
  }
  const isLast = !messages.some((one) => one.parentId === message.id);
  const unfinished = message.status === "stopped" || message.status === "failed" || message.finish === "length";
  if (message.role !== "assistant" || !unfinished || !isLast)
    throw deskError("NOT_CONTINUABLE", { messageId: message.id });
  return { kind: "continue", chatId: input.chatId, parentId: message.parentId, message };
}

/** Throws MESSAGE_TOO_LARGE, MESSAGE_EMPTY. */
function checkText(written: string): string {
  const bytes = utf8Length(written);
  if (bytes > maxMessageBytes) throw deskError("MESSAGE_TOO_LARGE", { bytes, limit: maxMessageBytes });
  const text = toWellFormed(written);
  if (text.trim() === "") throw deskError("MESSAGE_EMPTY", {});
  return text;
}

export function lastQuestion(path: readonly Message[]): string {
  return path.findLast((message) => message.role === "user")?.text ?? "";
}
