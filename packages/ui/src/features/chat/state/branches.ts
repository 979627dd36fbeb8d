import type { Message } from "@deskside/contract";

/** Messages from the first to `leafId`: the branch that is shown. */
export function shownBranch(messages: readonly Message[], leafId: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Message[] = [];
  const seen = new Set<string>();
  let at = leafId === null ? undefined : byId.get(leafId);
  while (at && !seen.has(at.id)) {
    seen.add(at.id);
    branch.push(at);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return branch.reverse();
}

export interface Versions {
  /** 1-based place among all answers to the same turn, in the order they were written. */
  position: number;
  total: number;
  previous: Message | null;
  next: Message | null;
}

/** Other versions beside each message of a branch, by message id; only where there is more than one. */
export function versionsOf(messages: readonly Message[], branch: readonly Message[]): ReadonlyMap<string, Versions> {
  const families = new Map<string | null, Message[]>();
  for (const message of messages) {
    const family = families.get(message.parentId);
    if (family) family.push(message);
    else families.set(message.parentId, [message]);
  }
  const versions = new Map<string, Versions>();
  for (const message of branch) {
    const family = families.get(message.parentId)?.filter(({ role }) => role === message.role) ?? [];
    if (family.length < 2) continue;
    family.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    const at = family.indexOf(message);
    versions.set(message.id, {
      position: at + 1,
      total: family.length,
      previous: family[at - 1] ?? null,
      next: family[at + 1] ?? null,
    });
  }
  return versions;
}

/** The conversation as Markdown, for the clipboard. */
export function branchAsMarkdown(branch: readonly Message[], names: { you: string; answer: string }): string {
  return branch
    .filter(({ text }) => text !== "")
    .map(({ role, text, model }) => `**${role === "user" ? names.you : (model?.name ?? names.answer)}**\n\n${text}`)
    .join("\n\n---\n\n");
}
