import { useClient, useNavigationStore } from "../../app/client-context.tsx";
import { useCollections } from "../../app/data/use-knowledge.ts";
import { useErrorToast } from "../../app/use-error-toast.ts";

/** Asks all collections in a chat of its own, which opens; null where there are none. */
export function useAskEverything(): ((question: string) => void) | null {
  const client = useClient();
  const { open } = useNavigationStore((state) => state.actions);
  const showError = useErrorToast();
  const collections = useCollections() ?? [];
  if (!collections.some(({ files }) => files.ready > 0)) return null;
  return (text) => {
    client.generation
      .start({ kind: "send", chatId: null, text, scope: { kind: "everything" } })
      .then(({ chatId }) => open({ section: "chat", id: chatId }), showError);
  };
}
