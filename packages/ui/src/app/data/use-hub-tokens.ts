import type { HubToken } from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";

/** Which hubs a token is kept for, and what is done to them; refusals are told in toasts. */
export function useHubTokens() {
  const client = useClient();
  const queries = useQueryClient();
  const onError = useErrorToast();
  const { tokens } = client.library;
  const { data } = useQuery({
    queryKey: queryKeys.hubTokens,
    queryFn: ({ signal }) => tokens.list(undefined, { signal }),
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: queryKeys.hubTokens });
  const save = useMutation({
    mutationFn: (input: { host: string; token: string }) => tokens.set(input),
    // The cache of mutations would keep the token otherwise.
    gcTime: 0,
    onError,
    onSettled,
  });
  const remove = useMutation({ mutationFn: (host: string) => tokens.remove({ host }), onError, onSettled });
  const known: readonly HubToken[] = data ?? [];
  return { tokens: known, save: save.mutate, remove: remove.mutate };
}
