import type { InstalledModel } from "@deskside/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useClient, useDeskside } from "../client-context.tsx";
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

/**
 * Loading shows its progress in the engine store; a refusal is told in a toast. While another model answers, `load` asks
 * first what becomes of that answer; `loadAfter` is told.
 */
export function useModelCommands() {
  const client = useClient();
  const showError = useErrorToast();
  const { engines } = useDeskside();
  const { mutate } = useMutation({
    mutationFn: (input: { modelId: string; running?: "finish" | "cancel" }) => client.model.load(input),
    onError: showError,
  });
  const load = (modelId: string, options: { onSettled?: () => void } = {}) => {
    const state = engines.getState();
    const isOtherAnswering = state.engines?.some(({ phase, model }) => phase === "answering" && model?.id !== modelId);
    if (isOtherAnswering) {
      state.actions.askSwitch(modelId);
      options.onSettled?.();
    } else mutate({ modelId }, options);
  };
  const unload = useMutation({ mutationFn: (modelId: string) => client.model.unload({ modelId }), onError: showError });
  const loadAfter = (modelId: string, running: "finish" | "cancel") => mutate({ modelId, running });
  return { load, loadAfter, unload: unload.mutate };
}
