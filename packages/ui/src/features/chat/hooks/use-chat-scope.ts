import type { Message, Scope } from "@deskside/contract";
import { useEffect } from "react";
import { useCollections } from "../../../app/data/use-knowledge.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";

/** A chat that is opened again goes on in what its last answer was looked up in, as far as that still exists. */
export function useChatScope(chatId: string, branch: readonly Message[]): void {
  const isChosen = useChatWindowStore((state) => state.scopes[chatId] !== undefined);
  const setScope = useChatWindowStore((state) => state.actions.setScope);
  const collections = useCollections();
  const last = branch.findLast(({ role, status }) => role === "assistant" && status !== "running");
  const scope = last?.grounding?.scope;
  useEffect(() => {
    if (isChosen || scope === undefined || collections === null) return;
    setScope(
      chatId,
      remaining(
        scope,
        collections.map(({ id }) => id),
      ),
    );
  }, [isChosen, scope, collections, chatId, setScope]);
}

function remaining(scope: Scope, known: readonly string[]): Scope | null {
  if (scope.kind !== "collections") return scope;
  const ids = scope.ids.filter((id) => known.includes(id));
  return ids.length === 0 ? null : { kind: "collections", ids };
}
