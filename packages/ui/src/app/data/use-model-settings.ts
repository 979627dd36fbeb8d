import type { Attachment, AttachInput, ModelDefaults, ModelDefaultsView } from "@deskside/contract";
import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";
import type { Asked } from "./use-hardware.ts";

/** What applies to one model, and where it comes from; nothing for none. */
export function useModelDefaults(modelId: string | null): Asked<ModelDefaultsView> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.modelDefaults(modelId ?? ""),
    queryFn: modelId === null ? skipToken : ({ signal }) => client.model.defaults.get({ modelId }, { signal }),
  });
  return { data: data ?? null, error };
}

/** Adapters and draft model. */
export function useAttachments(modelId: string): Asked<readonly Attachment[]> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.attachments(modelId),
    queryFn: ({ signal }) => client.library.attachments({ modelId }, { signal }),
  });
  return { data: data ?? null, error };
}

/** What changes is told by an event, which brings the new state; a refusal is told in a toast. */
export function useModelSettingsCommands(modelId: string) {
  const client = useClient();
  const onError = useErrorToast();
  const save = useMutation({
    mutationFn: (values: ModelDefaults) => client.model.defaults.set({ modelId, values }),
    onError,
  });
  const reset = useMutation({ mutationFn: () => client.model.defaults.reset({ modelId }), onError });
  const attach = useMutation({
    mutationFn: (input: Omit<AttachInput, "modelId">) => client.library.attach({ modelId, ...input }),
    onError,
  });
  const detach = useMutation({
    mutationFn: (attachmentId: string) => client.library.detach({ modelId, attachmentId }),
    onError,
  });
  return { save, reset, attach, detach };
}
