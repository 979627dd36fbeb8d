import type { InstalledModel } from "@deskside/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";

/** All installed models; null until they are known. */
export function useModels(): readonly InstalledModel[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => client.model.list(undefined, { signal }),
  });
  return data ?? null;
}

/** Those that can be asked something. */
export function useChatModels(): readonly InstalledModel[] | null {
  return useModels()?.filter((model) => model.role === "chat") ?? null;
}

/** Loading shows its progress in the engine store; a refusal is told in a toast. */
export function useModelCommands() {
  const client = useClient();
  const showError = useErrorToast();
  const load = useMutation({ mutationFn: (modelId: string) => client.model.load({ modelId }), onError: showError });
  const unload = useMutation({ mutationFn: (modelId: string) => client.model.unload({ modelId }), onError: showError });
  return { load: load.mutate, unload: unload.mutate };
}
